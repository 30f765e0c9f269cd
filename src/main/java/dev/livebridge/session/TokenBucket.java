package dev.livebridge.session;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket: a sustained rate, and a burst on top of it. It may be overdrawn by one more burst, so that the peer
 * can be warned before its session is ended. Not thread-safe; taking allocates nothing.
 */
public final class TokenBucket {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double perNano;
    private final double burst;
    private double level;
    private long filledNanos;
    private boolean overdrawn;

    /** The result of taking tokens. */
    public enum Outcome {
        /** There were enough tokens. */
        WITHIN,
        /** The bucket is overdrawn, for the first time since it was last full. */
        EXCEEDED,
        /** The bucket is overdrawn by more than one burst. */
        EXHAUSTED
    }

    /**
     * A full bucket.
     *
     * @param perSecond tokens that come back in a second; positive
     * @param burst tokens it holds; positive
     * @param nowNanos {@link System#nanoTime()}
     */
    public TokenBucket(double perSecond, double burst, long nowNanos) {
        if (!(perSecond > 0) || !(burst > 0)) {
            throw new IllegalArgumentException("a rate and its burst must be positive");
        }
        this.perNano = perSecond / NANOS_PER_SECOND;
        this.burst = burst;
        this.level = burst;
        this.filledNanos = nowNanos;
    }

    /** Takes tokens, even more than the bucket holds. */
    public Outcome take(double tokens, long nowNanos) {
        fill(nowNanos);
        level -= tokens;
        if (level >= 0) {
            return Outcome.WITHIN;
        }
        if (level < -burst) {
            return Outcome.EXHAUSTED;
        }
        if (overdrawn) {
            return Outcome.WITHIN;
        }
        overdrawn = true;
        return Outcome.EXCEEDED;
    }

    /**
     * Takes one token if there is one.
     *
     * @return whether there was one
     */
    public boolean tryTake(long nowNanos) {
        fill(nowNanos);
        if (level < 1) {
            return false;
        }
        level -= 1;
        return true;
    }

    /** Nanoseconds until {@link #tryTake} finds a token; zero when there is one. */
    public long nanosToNext(long nowNanos) {
        fill(nowNanos);
        return level >= 1 ? 0 : (long) Math.ceil((1 - level) / perNano);
    }

    /** Whether nothing has been taken for so long that the bucket is full. */
    public boolean isFull(long nowNanos) {
        fill(nowNanos);
        return level >= burst;
    }

    private void fill(long nowNanos) {
        level = Math.min(burst, level + Math.max(0, nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
        if (level >= burst) {
            overdrawn = false;
        }
    }
}
