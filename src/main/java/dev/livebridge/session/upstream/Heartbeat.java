package dev.livebridge.session.upstream;

import java.time.Duration;

/**
 * Whether the model is still there while it has nothing to say: a path that died without a close is silent, too. After
 * a while without a word it is pinged; if no answer comes, the connection counts as lost. One connection long; guarded
 * by its line.
 *
 * <p>Gemini's pongs were measured up to 30 s late (gemini-live-api.md section 6), so the patience must be long. A model
 * that has never answered a ping on this connection is not judged by its silence.
 */
public final class Heartbeat {

    /** Of the time that may pass in silence, a third goes by before the first question and between two of them. */
    private static final int PARTS = 3;

    private final long pauseNanos;
    private final long patienceNanos;
    private long heardNanos;
    private long askedNanos;
    private boolean asked;
    private boolean waiting;
    private long waitingSinceNanos;
    private boolean answers;

    /**
     * A heartbeat of one connection.
     *
     * @param silence after which the connection counts as lost
     */
    public Heartbeat(Duration silence, long nowNanos) {
        this.pauseNanos = silence.toNanos() / PARTS;
        this.patienceNanos = silence.toNanos() - pauseNanos;
        this.heardNanos = nowNanos;
    }

    /** Something was heard, whatever it was. */
    public void heard(long nowNanos) {
        heardNanos = nowNanos;
        waiting = false;
    }

    /** A ping was answered. */
    public void answered(long nowNanos) {
        answers = true;
        heard(nowNanos);
    }

    /** A ping is sent. */
    public void asks(long nowNanos) {
        asked = true;
        askedNanos = nowNanos;
        if (!waiting) {
            waiting = true;
            waitingSinceNanos = nowNanos;
        }
    }

    /** Whether it is time for a ping; the first is due at once, to learn whether the model answers. */
    public boolean due(long nowNanos) {
        return !asked || (nowNanos - heardNanos >= pauseNanos && nowNanos - askedNanos >= pauseNanos);
    }

    /** Whether nobody is there any more. */
    public boolean lost(long nowNanos) {
        return answers && waiting && nowNanos - waitingSinceNanos > patienceNanos;
    }
}
