package dev.livebridge.session.turn;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.GatewayMessage.Timing;
import dev.livebridge.message.GatewayMessage.Timing.SpeechEnd;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.Calls;
import dev.livebridge.telemetry.ConversationTrace;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnClockTest {

    private static final ServerMessage.Audio SOUND = new ServerMessage.Audio(new Base64Text("AAAA"), "audio/pcm");
    private static final ClientMessage.Audio CHUNK = new ClientMessage.Audio(new Base64Text("AAAA"), "audio/pcm");
    private static final ClientMessage.UserTurn TYPED = new ClientMessage.UserTurn("hello");
    private static final ServerMessage TURN_COMPLETE = new ServerMessage.TurnComplete(null);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);
    private final TurnClock clock = new TurnClock(meters.turns(), ConversationTrace.NONE);
    private TurnCounter turns = clock.reports().onSocket();

    @BeforeEach
    void negotiateModel() {
        meters.knowModels(List.of("m"));
        clock.onModelChosen(meters.model("gemini", "m"));
    }

    @Test
    void aTypedTurnIsDividedIntoOurShareAndTheModels() {
        // Given a text that took us 2 ms, and an answer that began after 300 and spoke after 340
        clock.onWrittenToModel(TYPED, ms(100), ms(102));
        clock.onServerMessage(new ServerMessage.Text("thinking", true), ms(402));
        clock.onServerMessage(SOUND, ms(442));

        // When its first sound is written
        Timing timing = written(SOUND, ms(442), ms(445));

        // Then
        assertEquals(new Timing(ms(100), SpeechEnd.TEXT, ms(100), ms(102), ms(402), ms(442), ms(445)), timing);
        assertEquals(345, total(Metric.TURN_RESPONSE, "text"));
        assertEquals(5, total(Metric.TURN_GATEWAY, "text"));
        assertEquals(340, total(Metric.TURN_MODEL, "text"));
        assertEquals(300, total(Metric.TURN_FIRST_BYTE, "text"));
    }

    @Test
    void timingIsToldOncePerTurn() {
        clock.onWrittenToModel(TYPED, ms(0), ms(1));
        clock.onServerMessage(SOUND, ms(300));

        assertNotNull(written(SOUND, ms(300), ms(301)));
        assertNull(written(SOUND, ms(320), ms(321)));
        clock.onServerMessage(TURN_COMPLETE, ms(900));
        clock.onWrittenToModel(TYPED, ms(2_000), ms(2_001));
        clock.onServerMessage(SOUND, ms(2_300));
        assertNotNull(written(SOUND, ms(2_300), ms(2_301)));

        assertEquals(2, timer(Metric.TURN_RESPONSE, "source", "text").count());
    }

    @ParameterizedTest
    @CsvSource({"ACTIVITY_END", "AUDIO_STREAM_END"})
    void theClientSaysWhenTheUserHasSpoken(ClientMessage.Signal signal) {
        clock.onWrittenToModel(CHUNK, ms(10), ms(11));
        clock.onWrittenToModel(signal, ms(50), ms(51));
        clock.onServerMessage(SOUND, ms(400));

        Timing timing = written(SOUND, ms(400), ms(401));

        assertEquals(SpeechEnd.PUSH_TO_TALK, requireNonNull(timing).source());
        assertEquals(ms(50), timing.speechEnd());
    }

    @Test
    void speechWhoseEndNobodyKnowsTellsOnlyTheWays() {
        clock.onWrittenToModel(CHUNK, ms(10), ms(11));
        clock.onWrittenToModel(CHUNK, ms(50), ms(52));
        clock.onServerMessage(SOUND, ms(400));

        Timing timing = written(SOUND, ms(400), ms(401));

        assertEquals(new Timing(null, null, ms(50), ms(52), ms(400), ms(400), ms(401)), timing);
        assertEquals(0, count(Metric.TURN_RESPONSE));
    }

    @Test
    void theLastSoundWithSpeechInItIsTheEndOfSpeech() {
        clock.onSpeech(ms(100));
        clock.onWrittenToModel(CHUNK, ms(100), ms(103));
        clock.onWrittenToModel(CHUNK, ms(200), ms(201));
        clock.onServerMessage(SOUND, ms(500));

        Timing timing = written(SOUND, ms(500), ms(501));

        assertEquals(new Timing(ms(100), SpeechEnd.ESTIMATE, ms(100), ms(103), ms(500), ms(500), ms(501)), timing);
        assertEquals(401, total(Metric.TURN_RESPONSE, "estimate"));
    }

    @Test
    void speechBeforeATypedTurnIsNotItsEnd() {
        clock.onSpeech(ms(100));
        clock.onWrittenToModel(CHUNK, ms(100), ms(101));
        clock.onWrittenToModel(TYPED, ms(200), ms(201));
        clock.onServerMessage(SOUND, ms(500));

        assertEquals(
                SpeechEnd.TEXT, requireNonNull(written(SOUND, ms(500), ms(501))).source());
    }

    @Test
    void aSecondAnswerToOneQuestionHasNoQuestionOfItsOwn() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(250));
        clock.onServerMessage(TURN_COMPLETE, ms(300));
        clock.onServerMessage(SOUND, ms(900));

        assertNull(requireNonNull(written(SOUND, ms(900), ms(901))).source());
    }

    @Test
    void aQuestionDuringAnAnswerWaitsForTheNextOne() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(100));
        written(SOUND, ms(100), ms(101));

        // When the user interrupts and late sound follows
        clock.onWrittenToModel(TYPED, ms(200), ms(200));
        clock.onServerMessage(new ServerMessage.Interrupted(), ms(210));
        clock.onServerMessage(SOUND, ms(220));
        clock.onServerMessage(TURN_COMPLETE, ms(230));
        clock.onServerMessage(SOUND, ms(600));
        Timing timing = written(SOUND, ms(600), ms(601));

        assertEquals(ms(200), requireNonNull(timing).inputReceived());
        assertEquals(ms(600), timing.firstByteReceived());
    }

    @Test
    void soundOfAnOldTurnThatASlowClientTakesLateIsNotTheNewTurns() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(100));
        clock.onServerMessage(TURN_COMPLETE, ms(150));
        clock.onWrittenToModel(TYPED, ms(200), ms(200));
        clock.onServerMessage(SOUND, ms(500));

        assertNull(written(SOUND, ms(100), ms(900)));
        assertNotNull(written(SOUND, ms(500), ms(901)));
    }

    @Test
    void aTurnWithAToolSaysNothingAboutTheModel() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(new ServerMessage.ToolCall(Calls.of("1"), "{}"), ms(100));
        clock.onServerMessage(SOUND, ms(9_000));

        assertNotNull(written(SOUND, ms(9_000), ms(9_001)));
        assertEquals(0, count(Metric.TURN_RESPONSE));
    }

    @Test
    void thoughtsAndTranscriptsAreNotTheAnswer() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        ServerMessage thought = new ServerMessage.Text("hm", true);
        clock.onServerMessage(thought, ms(100));

        assertNull(written(thought, ms(100), ms(101)));
        assertNull(written(
                new ServerMessage.Transcription(ServerMessage.TranscriptSource.OUTPUT, "x", false, "{}"),
                ms(100),
                ms(101)));
    }

    @Test
    void anInterruptionIsTimedInStages() {
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(100));
        clock.onSpeech(ms(200));
        clock.onSpeech(ms(300));
        ServerMessage interrupted = new ServerMessage.Interrupted();
        clock.onServerMessage(interrupted, ms(450));

        written(interrupted, ms(450), ms(453));

        assertEquals(250, timer(Metric.INTERRUPTION, "stage", "detection").totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(3, timer(Metric.INTERRUPTION, "stage", "relay").totalTime(TimeUnit.MILLISECONDS), 1e-6);
    }

    @Test
    void onlyOneReportPerTurnCountsAndOnlyWithinLimits() {
        clock.reports().onBeacon(new ClientMessage.Beacon(1, 10, null, null));
        assertEquals(0, count(Metric.CLIENT_FIRST_SOUND));
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(300));
        written(SOUND, ms(300), ms(300));

        clock.reports().onBeacon(new ClientMessage.Beacon(1, 420, 1e300, Integer.MAX_VALUE));
        clock.reports().onBeacon(new ClientMessage.Beacon(1, 1, 1.0, 1));

        assertEquals(420, timer(Metric.CLIENT_FIRST_SOUND).totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(120, total(Metric.TURN_NETWORK, "text"));
        assertEquals(60_000, timer(Metric.CLIENT_SILENCE).totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(1_000, registry.get(Metric.CLIENT_UNDERRUNS.id()).counter().count());
    }

    @Test
    void aReportBelongsToTheTurnItNames() {
        answer(0, 300);
        answer(2_000, 2_700);

        clock.reports().onBeacon(new ClientMessage.Beacon(1, 310, null, null));
        clock.reports().onBeacon(new ClientMessage.Beacon(3, 1, null, null));
        clock.reports().onBeacon(new ClientMessage.Beacon(1, 1, null, null));

        assertEquals(10, total(Metric.TURN_NETWORK, "text"));
        assertEquals(
                2, registry.get(Metric.CLIENT_REPORTS_IGNORED.id()).counter().count());
    }

    @Test
    void aClientBehindAnotherSocketCountsAnew() {
        answer(0, 300);
        answer(2_000, 2_700);
        turns = clock.reports().onSocket();
        answer(4_000, 4_100);

        clock.reports().onBeacon(new ClientMessage.Beacon(1, 105, null, null));

        assertEquals(5, total(Metric.TURN_NETWORK, "text"));
    }

    @Test
    void anAnswerWhoseWriteToAnEarlierSocketEndsLateTakesNoReport() {
        // Given an answer whose write has begun when the client reattaches
        clock.onWrittenToModel(TYPED, ms(0), ms(0));
        clock.onServerMessage(SOUND, ms(300));
        TurnNumber early = turns.onMessage(SOUND);
        turns = clock.reports().onSocket();

        // When the write ends
        clock.onWrittenToClient(SOUND, early, ms(300), ms(301));

        // Then turn 1 of the new socket is another turn
        clock.reports().onBeacon(new ClientMessage.Beacon(1, 1, null, null));
        assertEquals(0, count(Metric.CLIENT_FIRST_SOUND));
        assertEquals(
                1, registry.get(Metric.CLIENT_REPORTS_IGNORED.id()).counter().count());
    }

    private @Nullable Timing written(ServerMessage message, long receivedNanos, long writtenNanos) {
        return clock.onWrittenToClient(message, turns.onMessage(message), receivedNanos, writtenNanos);
    }

    private void answer(long asked, long answered) {
        clock.onWrittenToModel(TYPED, ms(asked), ms(asked));
        clock.onServerMessage(SOUND, ms(answered));
        written(SOUND, ms(answered), ms(answered));
        clock.onServerMessage(TURN_COMPLETE, ms(answered + 1));
        written(TURN_COMPLETE, ms(answered + 1), ms(answered + 1));
    }

    @Test
    void theModelsTurnsAreAlsoToldInOpenTelemetrysWords() {
        clock.onWrittenToModel(TYPED, ms(0), ms(10));
        clock.onServerMessage(SOUND, ms(300));
        clock.onServerMessage(SOUND, ms(340));
        clock.onServerMessage(SOUND, ms(390));
        clock.onServerMessage(TURN_COMPLETE, ms(1_010));
        clock.onWrittenToModel(TYPED, ms(2_000), ms(2_000));
        clock.onUpstreamFailed(ms(2_500), "upstream_lost");

        assertEquals(290, timer(Metric.GEN_AI_FIRST_CHUNK).totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(90, timer(Metric.GEN_AI_PER_CHUNK).totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(2, timer(Metric.GEN_AI_PER_CHUNK).count());
        assertEquals(1_000, timer(Metric.GEN_AI_DURATION, "error.type", "").totalTime(TimeUnit.MILLISECONDS), 1e-6);
        assertEquals(
                500,
                timer(Metric.GEN_AI_DURATION, "error.type", "upstream_lost").totalTime(TimeUnit.MILLISECONDS),
                1e-6);
    }

    private double total(Metric metric, String source) {
        Timer timer = timer(metric, "source", source);
        assertEquals(1, timer.count());
        return timer.totalTime(TimeUnit.MILLISECONDS);
    }

    private long count(Metric metric) {
        return registry.get(metric.id()).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private Timer timer(Metric metric, String... tags) {
        return registry.get(metric.id()).tags(tags).timer();
    }

    private static long ms(long millis) {
        return 1_000_000_000L + millis * 1_000_000L;
    }
}
