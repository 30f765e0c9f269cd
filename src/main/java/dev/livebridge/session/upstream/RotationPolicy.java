package dev.livebridge.session.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection to the model is replaced (gemini-live-api.md section 9).
 *
 * <p>After {@code goAway}, or at its maximum age, a connection is replaced in the next pause, once there is a handle
 * that includes the last turn. After {@code goAway} it is replaced at the deadline at the latest. The maximum age has
 * no deadline: Gemini announces the end with {@code goAway} anyway. One object per connection, guarded by the
 * {@code UpstreamConnection}.
 */
public final class RotationPolicy {

    /** How long before Gemini's deadline the connection is replaced even without a pause. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /** By which part the maximum age is reduced at random, at most. */
    private static final double AGE_SPREAD = 0.1;

    /** Gemini announces the end of an old connection 30 to 60 s ahead (gemini-live-api.md section 9). */
    private static final Duration USUAL_NOTICE = Duration.ofSeconds(60);

    /** Minimum age of a connection whose {@code goAway} gives more time than usual. */
    private static final Duration MIN_AGE_WITH_LONG_NOTICE = Duration.ofSeconds(30);

    private final long openedNanos;
    private final double random;
    private long oldAtNanos;
    private boolean goAway;
    private long notBeforeNanos;
    private long deadlineNanos;

    /**
     * A connection that opens now.
     *
     * @param random from 0 to 1
     */
    public RotationPolicy(long nowNanos, Duration maxAge, double random) {
        this.openedNanos = nowNanos;
        this.random = random;
        limitAge(maxAge);
    }

    /** Sets the maximum age, which is known once the model is. */
    public void limitAge(Duration maxAge) {
        oldAtNanos = openedNanos + (long) (maxAge.toNanos() * (1 - AGE_SPREAD * random));
    }

    /** Gemini will close the connection. */
    public void onGoAway(Duration timeLeft, long nowNanos) {
        Duration margin = timeLeft.dividedBy(4).compareTo(MARGIN) < 0 ? timeLeft.dividedBy(4) : MARGIN;
        goAway = true;
        // A rotation right after the begin cuts the greeting and may leave the model mute (section 20 row 15).
        notBeforeNanos =
                timeLeft.compareTo(USUAL_NOTICE) > 0 ? openedNanos + MIN_AGE_WITH_LONG_NOTICE.toNanos() : nowNanos;
        deadlineNanos = nowNanos + timeLeft.minus(margin).toNanos();
    }

    /**
     * Whether the connection must be replaced now.
     *
     * @param pause whether there is a pause, and no function call is pending
     * @param handle whether there is a handle that includes the last turn
     * @return why, {@code null} when not
     */
    @Nullable
    public RotationTrigger due(long nowNanos, boolean pause, boolean handle) {
        boolean calm = pause && handle;
        if (goAway && (nowNanos - deadlineNanos >= 0 || (calm && nowNanos - notBeforeNanos >= 0))) {
            return RotationTrigger.GO_AWAY;
        }
        return nowNanos - oldAtNanos >= 0 && calm ? RotationTrigger.AGE : null;
    }

    /** Time until {@link #due} may have a result, with a pause and a handle; not positive when that is so now. */
    public long dueInNanos(long nowNanos) {
        return goAway ? 0 : oldAtNanos - nowNanos;
    }
}
