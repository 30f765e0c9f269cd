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
    private static final int PINGS_PER_TIMEOUT = 3;

    private final long intervalNanos;
    private final long timeoutNanos;
    private long receivedNanos;
    private long pingSentNanos;
    private boolean pingSent;
    private boolean awaitingPong;
    private long awaitingSinceNanos;
    private boolean answersPings;

    /**
     * A heartbeat of one connection.
     *
     * @param silence after which the connection counts as lost
     */
    public Heartbeat(Duration silence, long nowNanos) {
        this.intervalNanos = silence.toNanos() / PINGS_PER_TIMEOUT;
        this.timeoutNanos = silence.toNanos() - intervalNanos;
        this.receivedNanos = nowNanos;
    }

    /** Something was heard, whatever it was. */
    public void onReceived(long nowNanos) {
        receivedNanos = nowNanos;
        awaitingPong = false;
    }

    /** A ping was answered. */
    public void onPong(long nowNanos) {
        answersPings = true;
        onReceived(nowNanos);
    }

    /** A ping is sent. */
    public void onPingSent(long nowNanos) {
        pingSent = true;
        pingSentNanos = nowNanos;
        if (!awaitingPong) {
            awaitingPong = true;
            awaitingSinceNanos = nowNanos;
        }
    }

    /** Whether it is time for a ping; the first is due at once, to learn whether the model answers. */
    public boolean pingDue(long nowNanos) {
        return !pingSent || (nowNanos - receivedNanos >= intervalNanos && nowNanos - pingSentNanos >= intervalNanos);
    }

    /** Whether nobody is there any more. */
    public boolean isLost(long nowNanos) {
        return answersPings && awaitingPong && nowNanos - awaitingSinceNanos > timeoutNanos;
    }
}
