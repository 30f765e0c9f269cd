package dev.livebridge.load;

import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A talker that speaks, listens to the answer, thinks, and sometimes interrupts. The microphone is always open.
 *
 * <pre>
 *  Thinking ──▶ Speaking ──▶ Waiting ──first sound──▶ Listening ──turn complete──▶ Thinking
 *                  ▲                                      └── barge-in ──▶ Speaking
 * </pre>
 */
final class TalkingPerson implements Person {

    /** Time limit for an answer. The simulator needs 0.8 s of silence, then 0.3 s to begin. */
    private static final long ANSWER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Time limit between two messages of an answer; turns are declared complete when they have been played. */
    private static final long LISTENING_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int SAMPLES_PER_MILLI = 16;
    private static final long PLAYED_NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / 48_000;

    /** An earlier interruption could be detected as part of the previous speech. */
    private static final int MIN_BARGE_IN_MS = 400;

    private static final int MAX_BARGE_IN_MS = 1_500;

    private final int talker;
    private final TalkerSettings talkerSettings;
    private final ScoreBoard board;
    private final SplittableRandom random;
    private final int chunkSamples;
    private final long chunkNanos;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    private Phase phase = Phase.AWAY;
    private TestSignal said = new TestSignal(0, 0);
    private int turns;
    private int saidSamples;
    private int thinkChunks;
    private long spokenAt;
    private long receivedAt;
    private long playedUntil;
    private long bargeInAt;
    private long interruptedAt;
    private boolean interrupting;
    private boolean split;
    private boolean finished;

    private enum Phase {
        AWAY,
        THINKING,
        SPEAKING,
        WAITING,
        LISTENING
    }

    TalkingPerson(int talker, TalkerSettings talkerSettings, ScoreBoard board) {
        this.talker = talker;
        this.talkerSettings = talkerSettings;
        this.board = board;
        this.random = new SplittableRandom(talkerSettings.seed() * 1_000_003 + talker);
        int chunkMillis = talkerSettings.chunkMillisOf(talker);
        this.chunkSamples = chunkMillis * SAMPLES_PER_MILLI;
        this.chunkNanos = TimeUnit.MILLISECONDS.toNanos(chunkMillis);
    }

    @Override
    public void onReady(boolean fresh) {
        if (fresh) {
            think();
        }
    }

    @Override
    public void onDisconnected() {
        switch (phase) {
            case AWAY, THINKING -> {}
            case SPEAKING, WAITING -> split = true;
            case LISTENING -> {
                // The answer may be complete already.
                if (RepetitionCheck.judge(said, answer.toByteArray()) == RepetitionCheck.Verdict.WHOLE) {
                    board.current().count(Count.ANSWERS_WHOLE);
                    think();
                }
            }
        }
    }

    @Override
    public void onConversationLost() {
        switch (phase) {
            case AWAY, THINKING, SPEAKING -> {}
            case WAITING -> board.current().count(Count.UNANSWERED);
            case LISTENING -> board.current().count(Count.ANSWERS_CUT);
        }
        phase = Phase.AWAY;
    }

    @Override
    public void onServiceMessage(ServiceMessage message) {
        switch (message) {
            case ServiceMessage.Sound(byte[] pcm) -> sound(pcm);
            case ServiceMessage.Interrupted _ -> interrupted();
            case ServiceMessage.TurnComplete _ -> turnComplete();
            case ServiceMessage.Ready _,
                    ServiceMessage.Token _,
                    ServiceMessage.Migrate _,
                    ServiceMessage.Problem _,
                    ServiceMessage.Nothing _ -> {}
        }
    }

    private void sound(byte[] pcm) {
        long now = System.nanoTime();
        Scores scores = board.current();
        scores.count(Count.CHUNKS_HEARD);
        // Until the model stops, its audio belongs to the old answer.
        if (phase == Phase.WAITING && !interrupting) {
            scores.time(Timing.ANSWER, now - spokenAt);
            phase = Phase.LISTENING;
            answer.reset();
            playedUntil = now;
            bargeInAt = random.nextInt(100) < talkerSettings.bargeInPercent()
                    ? now + TimeUnit.MILLISECONDS.toNanos(random.nextInt(MIN_BARGE_IN_MS, MAX_BARGE_IN_MS))
                    : 0;
        }
        if (phase == Phase.LISTENING) {
            if (answer.size() > 0) {
                scores.time(Timing.STALL, now - playedUntil);
            }
            playedUntil = Math.max(playedUntil, now) + pcm.length * PLAYED_NANOS_PER_BYTE;
            receivedAt = now;
            answer.writeBytes(pcm);
        }
    }

    private void interrupted() {
        if (interrupting) {
            interrupting = false;
            board.current().count(Count.ANSWERS_INTERRUPTED);
            board.current().time(Timing.INTERRUPTION, System.nanoTime() - interruptedAt);
        } else if (phase == Phase.LISTENING) {
            board.current().count(Count.ANSWERS_CUT);
            think();
        }
    }

    private void turnComplete() {
        // During an interruption this is the end of the turn that it came too late for.
        interrupting = false;
        if (phase == Phase.LISTENING) {
            boolean whole = RepetitionCheck.judge(said, answer.toByteArray()) == RepetitionCheck.Verdict.WHOLE;
            board.current().count(whole ? Count.ANSWERS_WHOLE : split ? Count.TURNS_SPLIT : Count.ANSWERS_CUT);
            think();
        }
    }

    @Override
    public byte @Nullable [] chunk(long dueNanos) {
        switch (phase) {
            case AWAY -> {
                return null;
            }
            case THINKING -> {
                if (--thinkChunks <= 0 && !finished) {
                    speak();
                }
            }
            case SPEAKING -> {
                return speech(dueNanos);
            }
            case WAITING -> {
                if (dueNanos - spokenAt > ANSWER_TIMEOUT_NANOS) {
                    board.current().count(Count.UNANSWERED);
                    think();
                }
            }
            case LISTENING -> listen(dueNanos);
        }
        return new byte[2 * chunkSamples];
    }

    private byte[] speech(long dueNanos) {
        if (interrupting && saidSamples == 0) {
            interruptedAt = dueNanos - chunkNanos;
        }
        byte[] pcm = said.pcm(saidSamples, chunkSamples);
        saidSamples += chunkSamples;
        if (saidSamples >= said.samples()) {
            board.current().count(Count.TURNS);
            spokenAt = dueNanos;
            phase = Phase.WAITING;
        }
        return pcm;
    }

    private void listen(long dueNanos) {
        if (bargeInAt != 0 && dueNanos - bargeInAt >= 0 && !finished) {
            interrupting = true;
            speak();
        } else if (dueNanos - Math.max(receivedAt, playedUntil) > LISTENING_TIMEOUT_NANOS) {
            board.current().count(Count.ANSWERS_CUT);
            think();
        }
    }

    private void think() {
        phase = Phase.THINKING;
        interrupting = false;
        thinkChunks = (int) (draw(talkerSettings.think()) / chunkNanos);
    }

    /** Whole chunks, so that what the last one holds is speech to its end. */
    private void speak() {
        phase = Phase.SPEAKING;
        split = false;
        saidSamples = 0;
        int chunks = (int) Math.max(1, draw(talkerSettings.speech()) / chunkNanos);
        said = new TestSignal(Objects.hash(talkerSettings.seed(), talker, turns++), chunks * chunkSamples);
    }

    private long draw(Duration mean) {
        long nanos = mean.toNanos();
        return nanos == 0 ? 0 : random.nextLong(nanos / 2, nanos * 3 / 2 + 1);
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public boolean isSettled() {
        return phase == Phase.AWAY || phase == Phase.THINKING;
    }

    /** A turn that the end of the run cuts is not an error. */
    @Override
    public void giveUp() {
        phase = Phase.AWAY;
    }
}
