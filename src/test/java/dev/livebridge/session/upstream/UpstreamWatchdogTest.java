package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.Calls;
import dev.livebridge.session.upstream.UpstreamWatchdog.Alarm;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a model counts as mute after a resumption, or its reply as endless. Times are milliseconds. */
class UpstreamWatchdogTest {

    /** One second of sound. */
    private static final ServerMessage SOUND =
            new ServerMessage.Audio(Base64Text.encode(new byte[48_000]), "audio/pcm;rate=24000");

    private static final ServerMessage HEARD = transcription(TranscriptSource.INPUT, "Hello");
    private static final ServerMessage GENERATION_COMPLETE = new ServerMessage.GenerationComplete();
    private static final ServerMessage TURN_COMPLETE = new ServerMessage.TurnComplete(null);

    record Event(int atMillis, ServerMessage message) {}

    static Stream<Arguments> resumed() {
        return Stream.of(
                // What the model says after a resumption, the time of the check, the alarm.
                arguments(List.of(), 600_000, null),
                arguments(List.of(at(1_000, HEARD)), 9_000, null),
                arguments(List.of(at(1_000, HEARD)), 9_001, Alarm.POISONED_RESUME),
                arguments(List.of(at(1_000, HEARD), at(5_000, HEARD)), 9_001, null),
                arguments(List.of(at(1_000, HEARD), at(5_000, HEARD)), 13_001, Alarm.POISONED_RESUME),
                arguments(List.of(at(1_000, transcription(TranscriptSource.INPUT, "  "))), 600_000, null),
                // What the model generates is a sign of life, before or after the words.
                arguments(List.of(at(1_000, HEARD), at(2_000, SOUND)), 60_000, null),
                arguments(List.of(at(1_000, SOUND), at(2_000, HEARD)), 60_000, null),
                arguments(List.of(at(1_000, HEARD), at(2_000, new ServerMessage.Text("Yes", false))), 60_000, null),
                arguments(List.of(at(1_000, HEARD), at(2_000, new ServerMessage.OtherPart("{}"))), 60_000, null),
                arguments(
                        List.of(at(1_000, HEARD), at(2_000, new ServerMessage.ToolCall(Calls.of("c"), "{}"))),
                        60_000,
                        null),
                arguments(
                        List.of(at(1_000, HEARD), at(2_000, transcription(TranscriptSource.OUTPUT, "Yes"))),
                        60_000,
                        null),
                arguments(List.of(at(1_000, HEARD), at(2_000, TURN_COMPLETE)), 60_000, null),
                arguments(List.of(at(1_000, HEARD), at(2_000, new ServerMessage.Interrupted())), 60_000, null),
                // What only shows that the connection works is not.
                arguments(
                        List.of(at(1_000, HEARD), at(2_000, new ServerMessage.ResumptionUpdate("h", true, "{}"))),
                        9_001,
                        Alarm.POISONED_RESUME),
                arguments(
                        List.of(at(1_000, HEARD), at(2_000, new ServerMessage.Usage(0, 0, 0, "{}"))),
                        9_001,
                        Alarm.POISONED_RESUME),
                arguments(
                        List.of(
                                at(1_000, HEARD),
                                at(2_000, new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_END", "{}"))),
                        9_001,
                        Alarm.POISONED_RESUME));
    }

    @ParameterizedTest
    @MethodSource("resumed")
    void aResumedModelThatHearsMustGenerate(List<Event> events, int checkedMillis, @Nullable Alarm alarm) {
        assertEquals(alarm, check(new UpstreamWatchdog(true), events, checkedMillis, false));
    }

    @Test
    void aModelThatBeginsMayKeepSilent() {
        assertNull(check(new UpstreamWatchdog(false), List.of(at(1_000, HEARD)), 600_000, false));
    }

    static Stream<Arguments> replies() {
        return Stream.of(
                // The reply, whether a call is pending, the time of the check, the alarm.
                arguments(List.of(at(0, SOUND)), false, 600_000, null),
                arguments(List.of(at(0, SOUND), at(100, GENERATION_COMPLETE)), false, 3_000, null),
                arguments(List.of(at(0, SOUND), at(100, GENERATION_COMPLETE)), false, 3_001, Alarm.ENDLESS_REPLY),
                arguments(List.of(at(0, SOUND), at(100, GENERATION_COMPLETE)), true, 600_000, null),
                arguments(
                        List.of(at(0, SOUND), at(100, SOUND), at(200, SOUND), at(300, GENERATION_COMPLETE)),
                        false,
                        5_000,
                        null),
                arguments(
                        List.of(at(0, SOUND), at(100, SOUND), at(200, SOUND), at(300, GENERATION_COMPLETE)),
                        false,
                        5_001,
                        Alarm.ENDLESS_REPLY),
                // Sound that is over already does not count, and neither does an answer without sound.
                arguments(List.of(at(0, SOUND), at(9_000, GENERATION_COMPLETE)), false, 11_000, null),
                arguments(List.of(at(0, SOUND), at(9_000, GENERATION_COMPLETE)), false, 11_001, Alarm.ENDLESS_REPLY),
                arguments(List.of(at(500, GENERATION_COMPLETE)), false, 2_500, null),
                arguments(List.of(at(500, GENERATION_COMPLETE)), false, 2_501, Alarm.ENDLESS_REPLY),
                // A turn that ends is no endless reply, and the next one is measured from its own sound.
                arguments(
                        List.of(at(0, SOUND), at(100, GENERATION_COMPLETE), at(1_000, TURN_COMPLETE)),
                        false,
                        600_000,
                        null),
                arguments(
                        List.of(at(0, SOUND), at(100, GENERATION_COMPLETE), at(500, new ServerMessage.Interrupted())),
                        false,
                        600_000,
                        null),
                arguments(
                        List.of(
                                at(0, SOUND),
                                at(100, TURN_COMPLETE),
                                at(60_000, SOUND),
                                at(60_100, GENERATION_COMPLETE)),
                        false,
                        63_000,
                        null),
                arguments(
                        List.of(
                                at(0, SOUND),
                                at(100, TURN_COMPLETE),
                                at(60_000, SOUND),
                                at(60_100, GENERATION_COMPLETE)),
                        false,
                        63_001,
                        Alarm.ENDLESS_REPLY));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyEndsTwoSecondsAfterItsSound(
            List<Event> events, boolean callPending, int checkedMillis, @Nullable Alarm alarm) {
        assertEquals(alarm, check(new UpstreamWatchdog(false), events, checkedMillis, callPending));
    }

    @Test
    void anAlarmIsRaisedOnce() {
        UpstreamWatchdog watchdog = new UpstreamWatchdog(true);

        assertEquals(Alarm.POISONED_RESUME, check(watchdog, List.of(at(0, HEARD)), 9_000, false));
        assertNull(watchdog.check(nanos(10_000), false));
        assertEquals(Alarm.ENDLESS_REPLY, check(watchdog, List.of(at(10_000, GENERATION_COMPLETE)), 13_000, false));
        assertNull(watchdog.check(nanos(20_000), false));
    }

    private static @Nullable Alarm check(
            UpstreamWatchdog watchdog, List<Event> events, int checkedMillis, boolean callPending) {
        for (Event event : events) {
            watchdog.onServerMessage(event.message(), nanos(event.atMillis()));
        }
        return watchdog.check(nanos(checkedMillis), callPending);
    }

    private static Event at(int millis, ServerMessage message) {
        return new Event(millis, message);
    }

    private static ServerMessage transcription(TranscriptSource source, String text) {
        return new ServerMessage.Transcription(source, text, false, "{}");
    }

    /** System.nanoTime may be anything, and overflows. */
    private static long nanos(int millis) {
        return Long.MAX_VALUE - 500_000_000L + millis * 1_000_000L;
    }
}
