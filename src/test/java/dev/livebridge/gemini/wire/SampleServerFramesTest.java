package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.Samples;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    static Stream<Arguments> framesThatSomeSdkStumblesOver() {
        return Stream.of(
                arguments("empty object {}", "{}", List.of()),
                arguments("setupComplete {} in a text frame", "{\"setupComplete\":{}}", List.of("SetupComplete")),
                arguments("message whose only top-level key is unknown", "{\"novelty\":{}}", List.of("Unknown")),
                arguments(
                        "unknown key beside a known one, unknown enum value",
                        "{\"serverContent\":{\"interactionStatus\":\"NOVEL\",\"novelty\":1}}",
                        List.of("InteractionStatus", "Unknown")),
                arguments("goAway.timeLeft \"9.5s\"", "{\"goAway\":{\"timeLeft\":\"9.5s\"}}", List.of("GoAway")),
                arguments(
                        "voiceActivity.audioOffset \"0.200s\"",
                        "{\"voiceActivity\":{\"type\":\"ACTIVITY_START\",\"audioOffset\":\"0.200s\"}}",
                        List.of("VoiceActivity")),
                arguments(
                        "Vertex mode: usageMetadata.responseTokenCount instead of candidatesTokenCount",
                        "{\"usageMetadata\":{\"responseTokenCount\":7}}",
                        List.of("Usage")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void framesThatSomeSdkStumblesOver(String row, String frame, List<String> kinds) throws WireException {
        assertTrue(
                Samples.lines("captured-sdk-reactions.jsonl").stream()
                        .anyMatch(line -> line.path("server").asText().equals(row)),
                "the sample has no such row");

        List<ServerMessage> messages = new WireDecoder().decode(frame);

        assertEquals(
                kinds,
                messages.stream()
                        .map(message -> message.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void thereAreFramesToRead() {
        assertEquals(239, serverFrames().count());
    }
}
