package dev.livebridge.session.upstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection to the model gives its place to the next one (gemini-live-api.md section 9).
 *
 * <p>Announced by {@code goAway}, or old enough, it waits for a pause of the talk, and for a handle that knows the last
 * turn. {@code goAway} has a deadline at which it waits no longer; old age has none, since Gemini announces the end
 * itself, and a turn that is cut for certain is worse than one that might be. One connection long; guarded by its line.
 */
public final class RotationPolicy {

    /** How long before Gemini's own deadline the connection is left, pause or not. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /** Which part of the age may be taken off at random. */
    private static final double AGE_SPREAD = 0.1;

    /** Gemini announces the end of an old connection 30 to 60 s ahead (section 9); more time needs no hurry. */
    private static final Duration USUAL_NOTICE = Duration.ofSeconds(60);

    /** A connection that is announced to end with more than the usual notice is used for so long at least. */
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

    /** The age at which the connection is old, known once the model is. */
    public void limitAge(Duration maxAge) {
        oldAtNanos = openedNanos + (long) (maxAge.toNanos() * (1 - AGE_SPREAD * random));
    }

    /** Gemini will close the connection. */
    public void onGoAway(Duration timeLeft, long nowNanos) {
        Duration margin = timeLeft.dividedBy(4).compareTo(MARGIN) < 0 ? timeLeft.dividedBy(4) : MARGIN;
        goAway = true;
        // A renewal one second into a session cuts the greeting and may leave the model mute (section 20 row 15).
        notBeforeNanos =
                timeLeft.compareTo(USUAL_NOTICE) > 0 ? openedNanos + MIN_AGE_WITH_LONG_NOTICE.toNanos() : nowNanos;
        deadlineNanos = nowNanos + timeLeft.minus(margin).toNanos();
    }

    /**
     * Whether it is time.
     *
     * @param pause whether nobody speaks, and nothing is owed
     * @param handle whether there is a handle that knows everything said so far
     * @return why, {@code null} when it isn't
     */
    @Nullable
    public RotationTrigger due(long nowNanos, boolean pause, boolean handle) {
        boolean calm = pause && handle;
        if (goAway && (nowNanos - deadlineNanos >= 0 || (calm && nowNanos - notBeforeNanos >= 0))) {
            return RotationTrigger.GO_AWAY;
        }
        return nowNanos - oldAtNanos >= 0 && calm ? RotationTrigger.AGE : null;
    }
}
