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

    static Stream<Arguments> turns() {
        ServerMessage interrupted = new ServerMessage.Interrupted();
        ServerMessage complete = new ServerMessage.TurnComplete(null);
        return Stream.of(
                // The messages, whether the turn is open then, whether its sound is muted.
                arguments(List.of(), false, false),
                arguments(List.of(SOUND), true, false),
                arguments(List.of(new ServerMessage.Text("Yes", false)), true, false),
                arguments(List.of(new ServerMessage.OtherPart("{}")), true, false),
                arguments(List.of(new ServerMessage.ToolCall(Calls.of("c1"), "{}")), true, false),
                arguments(List.of(new ServerMessage.GenerationComplete()), true, false),
                arguments(List.of(transcription(TranscriptSource.OUTPUT)), false, false),
                arguments(List.of(transcription(TranscriptSource.INPUT)), false, false),
                arguments(List.of(new ServerMessage.Usage(0, 0, 0, "{}")), false, false),
                arguments(List.of(new ServerMessage.ResumptionUpdate("h", true, "{}")), false, false),
                arguments(List.of(SOUND, complete), false, false),
                arguments(List.of(SOUND, interrupted), true, true),
                arguments(List.of(SOUND, interrupted, SOUND), true, true),
                arguments(List.of(SOUND, interrupted, complete), false, false),
                arguments(List.of(SOUND, interrupted, complete, SOUND), true, false),
                // Without an open turn no turnComplete is owed, so nothing is muted.
                arguments(List.of(interrupted), false, false),
                arguments(List.of(SOUND, complete, interrupted, SOUND), true, false));
    }

    @ParameterizedTest
    @MethodSource("turns")
    void aTurnIsOpenFromItsFirstContentAndMutedFromItsInterruption(
            List<ServerMessage> messages, boolean open, boolean muted) {
        messages.forEach(message -> turns.onServerMessage(message, 0));

        assertEquals(open, turns.open(), "open");
        assertEquals(muted, turns.muted(), "muted");
    }

    private void interrupted() {
        turns.onServerMessage(SOUND, -1);
        turns.onServerMessage(new ServerMessage.Interrupted(), 0);
    }

    private static ServerMessage transcription(TranscriptSource source) {
        return new ServerMessage.Transcription(source, "Stop", false, "{}");
    }
}
