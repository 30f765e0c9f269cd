package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.livebridge.Samples;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything the service was recorded saying is understood, and nothing of it is lost. */
class SampleServerFramesTest {

    static Stream<Samples.Frame> serverFrames() {
        return Samples.frames().stream().filter(Samples.Frame::fromServer);
    }

    @ParameterizedTest
    @MethodSource("serverFrames")
    void theMessagesHoldEverythingThatWasInTheFrame(Samples.Frame frame) throws WireException {
        List<ServerMessage> messages = new WireDecoder().decode(frame.text());

        assertEquals(Reassembly.essence(frame.text()), Reassembly.of(messages));
        assertFalse(
                messages.stream().anyMatch(ServerMessage.Unknown.class::isInstance), "a recorded member is unknown");
    }

    @Test
    void thereAreFramesToRead() {
        assertEquals(239, serverFrames().count());
    }
}
