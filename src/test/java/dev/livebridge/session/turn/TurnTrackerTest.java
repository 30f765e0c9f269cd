package dev.livebridge.session.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.Calls;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which content belongs to an interrupted turn, and which shows that its end is missing. */
class TurnTrackerTest {

    private static final ServerMessage SOUND = new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm;rate=24000");

    private final TurnTracker turns = new TurnTracker();

    static Stream<Arguments> messagesAfterAnInterruption() {
        ServerMessage words = new ServerMessage.Text("Yes", false);
        ServerMessage spoken = transcription(TranscriptSource.OUTPUT);
        ServerMessage call = new ServerMessage.ToolCall(Calls.of("c1"), "{}");
        return Stream.of(
                // The milliseconds since "interrupted", whether the user spoke in between, the message, the end missed.
                arguments(100, true, SOUND, false),
                arguments(100, true, spoken, false),
                arguments(700, false, SOUND, false),
                arguments(700, true, SOUND, true),
                arguments(700, true, words, true),
                arguments(700, true, spoken, true),
                arguments(700, true, call, true),
                arguments(2_100, false, SOUND, true),
                arguments(100, false, new ServerMessage.GenerationComplete(), true),
                arguments(2_100, true, new ServerMessage.TurnComplete(null), false),
                arguments(2_100, true, transcription(TranscriptSource.INPUT), false),
                arguments(2_100, true, new ServerMessage.Usage(0, 0, 0, "{}"), false));
    }

    @ParameterizedTest
    @MethodSource("messagesAfterAnInterruption")
    void theMissingEndOfAnInterruptedTurnIsNoticed(
            int millis, boolean userSpoke, ServerMessage message, boolean missed) {
        interrupted();
        if (userSpoke) {
            turns.onServerMessage(transcription(TranscriptSource.INPUT), 50_000_000);
        }

        assertEquals(missed, turns.missedEnd(message, millis * 1_000_000L));
    }

    @Test
    void anOpenTurnThatWasNotInterruptedMissesNoEnd() {
        turns.onServerMessage(SOUND, 0);

        for (ServerMessage message : List.of(SOUND, new ServerMessage.GenerationComplete())) {
            assertEquals(false, turns.missedEnd(message, 60_000_000_000L));
        }
    }

    private void interrupted() {
        turns.onServerMessage(SOUND, -1);
        turns.onServerMessage(new ServerMessage.Interrupted(), 0);
    }

    private static ServerMessage transcription(TranscriptSource source) {
        return new ServerMessage.Transcription(source, "Stop", false, "{}");
    }
}
