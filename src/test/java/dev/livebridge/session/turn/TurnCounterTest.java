package dev.livebridge.session.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.Calls;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TurnCounterTest {

    private final TurnCounter turns = new TurnCounter(3);

    static Stream<Arguments> afterTheEndOfATurn() {
        return Stream.of(
                arguments(new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm"), 2),
                arguments(new ServerMessage.Text("a", false), 2),
                arguments(new ServerMessage.Text("a", true), 2),
                arguments(new ServerMessage.OtherPart("{}"), 2),
                arguments(new ServerMessage.ToolCall(Calls.of("1"), "{}"), 2),
                arguments(new ServerMessage.Transcription(TranscriptSource.INPUT, "a", false, "{}"), 2),
                arguments(new ServerMessage.Transcription(TranscriptSource.OUTPUT, "a", false, "{}"), 2),
                arguments(new ServerMessage.Grounding("groundingMetadata", "{}"), 2),
                arguments(new ServerMessage.Interrupted(), 2),
                arguments(new ServerMessage.GenerationComplete(), 2),
                arguments(new ServerMessage.TurnComplete(null), 2),
                arguments(new ServerMessage.SetupComplete("{}"), 1),
                arguments(new ServerMessage.ToolCallCancellation(List.of("1")), 1),
                arguments(new ServerMessage.InteractionStatus("IDLE", false), 1),
                arguments(new ServerMessage.WaitingForInput(), 1),
                arguments(new ServerMessage.Usage(1, 1, 2, "{}"), 1),
                arguments(new ServerMessage.ResumptionUpdate("h", true, "{}"), 1),
                arguments(new ServerMessage.GoAway(Duration.ZERO), 1),
                arguments(new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_START", "{}"), 1),
                arguments(new ServerMessage.Unknown("", "x", "1"), 1),
                arguments(new GatewayMessage.Renewing(), 1));
    }

    @ParameterizedTest
    @MethodSource
    void afterTheEndOfATurn(DownstreamMessage message, int expected) {
        turns.onMessage(new ServerMessage.TurnComplete(null));

        assertEquals(new TurnNumber(3, expected), turns.onMessage(message));
    }

    @ParameterizedTest
    @MethodSource("afterTheEndOfATurn")
    void theFirstTurnIsTurnOne(DownstreamMessage message) {
        assertEquals(new TurnNumber(3, 1), turns.onMessage(message));
    }

    @Test
    void aNumberHoldsUntilTheNextTurnBegins() {
        ServerMessage text = new ServerMessage.Text("a", false);
        ServerMessage complete = new ServerMessage.TurnComplete(null);
        ServerMessage usage = new ServerMessage.Usage(1, 1, 2, "{}");
        ServerMessage interrupted = new ServerMessage.Interrupted();

        List<Integer> numbers = Stream.of(
                        text, usage, text, complete, usage, usage, interrupted, text, complete, complete, usage, text)
                .map(message -> turns.onMessage(message).number())
                .toList();

        assertEquals(List.of(1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4), numbers);
    }
}
