package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a conversation that says nothing, or that lasts too long, and announces it beforehand: both cost money when they
 * are forgotten. Called by the registry's clock; {@link #onActivity} by anyone.
 */
final class IdleAndDurationLimits {

    private final SessionLimits limits;
    private volatile long startedNanos;
    private volatile long activeNanos;
    private long idleWarnedFor;
    private boolean durationWarned;

    /**
     * Something is due.
     *
     * @param cause the ending
     * @param inMillis until then; zero when it is due now
     */
    record Notice(EndCause cause, long inMillis) {}

    IdleAndDurationLimits(SessionLimits limits, long startedNanos) {
        this.limits = limits;
        this.startedNanos = startedNanos;
        this.activeNanos = startedNanos;
        this.idleWarnedFor = startedNanos - 1;
    }

    /** The conversation has been led elsewhere for some time already. */
    void addEarlierDuration(Duration earlier) {
        long here = startedNanos;
        startedNanos = here - earlier.toNanos();
    }

    /** Somebody said or did something. */
    void onActivity(long nowNanos) {
        activeNanos = nowNanos;
    }

    /** For how long nobody has said or done anything. */
    Duration idleTime(long nowNanos) {
        return Duration.ofNanos(nowNanos - activeNanos);
    }

    /**
     * What has to be announced or done, each announcement once.
     *
     * @param idleCounts whether silence counts: there is a conversation, and no function runs
     */
    @Nullable
    Notice check(long nowNanos, boolean idleCounts) {
        long left = limits.maxDuration().toNanos() - (nowNanos - startedNanos);
        if (left < 0) {
            return new Notice(EndCause.MAX_DURATION, 0);
        }
        if (!idleCounts) {
            onActivity(nowNanos);
        }
        long active = activeNanos;
        long idleLeft = limits.idleTimeout().toNanos() - (nowNanos - active);
        if (idleLeft < 0) {
            return new Notice(EndCause.IDLE_TIMEOUT, 0);
        }
        if (!durationWarned && left <= warningNanos(limits.maxDuration())) {
            durationWarned = true;
            return new Notice(EndCause.MAX_DURATION, left / 1_000_000);
        }
        if (idleWarnedFor != active && idleLeft <= warningNanos(limits.idleTimeout())) {
            idleWarnedFor = active;
            return new Notice(EndCause.IDLE_TIMEOUT, idleLeft / 1_000_000);
        }
        return null;
    }

    /** A limit that is hardly longer than the warning is announced at its half. */
    private long warningNanos(Duration limit) {
        return Math.min(limits.warningTime().toNanos(), limit.toNanos() / 2);
    }
}
