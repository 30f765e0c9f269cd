package dev.livebridge.session.upstream;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to reconnect, and the waits before them: 200 ms, doubled up to 4 s, each shortened at random by up to
 * half, so that sessions that lost their connections together do not reconnect together.
 *
 * <p>The count is reset only after a stable connection, so that the attempts per time are bounded (gemini-live-api.md
 * section 11). Used by the upstream writer only.
 */
public final class RetryBackoff {

    private static final long FIRST_MILLIS = 200;
    private static final long MAX_MILLIS = 4_000;

    private final int attempts;
    private final DoubleSupplier random;
    private int used;

    /**
     * No attempt has been made.
     *
     * @param attempts until it is used up
     * @param random from 0 to 1
     */
    public RetryBackoff(int attempts, DoubleSupplier random) {
        this.attempts = attempts;
        this.random = random;
    }

    /** The wait before the next attempt, {@code null} when there is none left. */
    @Nullable
    Duration next() {
        if (used >= attempts) {
            return null;
        }
        long curve = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(used, 10));
        used++;
        return Duration.ofMillis(curve - (long) (curve / 2.0 * random.getAsDouble()));
    }

    /** Attempts taken since the last stable connection. */
    int used() {
        return used;
    }

    /** A connection was stable. */
    void reset() {
        used = 0;
    }
}
