package dev.livebridge.session.upstream;

import java.time.Duration;

/**
 * Detects a dead connection while the model sends nothing: a path that broke without a close is silent, too. After a
 * time without a frame a ping is due; without a pong in time the connection counts as lost. One object per connection,
 * guarded by the {@code UpstreamConnection}.
 *
 * <p>Gemini's pongs were measured up to 30 s late (gemini-live-api.md section 6), so the timeout must be long. A model
 * that has never answered a ping on this connection is never considered lost.
 */
public final class Heartbeat {

    /** A ping is sent after this part of the timeout without a frame, and again after each further part. */
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

    /** A frame has arrived. */
    public void onReceived(long nowNanos) {
        receivedNanos = nowNanos;
        awaitingPong = false;
    }

    /** A pong has arrived. */
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

    /** Time until a ping is due or the connection counts as lost; not positive when that is so now. */
    public long dueInNanos(long nowNanos) {
        if (!pingSent) {
            return 0;
        }
        long ping = intervalNanos - Math.min(nowNanos - receivedNanos, nowNanos - pingSentNanos);
        return answersPings && awaitingPong ? Math.min(ping, timeoutNanos - (nowNanos - awaitingSinceNanos)) : ping;
    }

    /** Whether the connection counts as lost. */
    public boolean isLost(long nowNanos) {
        return answersPings && awaitingPong && nowNanos - awaitingSinceNanos > timeoutNanos;
    }
}
