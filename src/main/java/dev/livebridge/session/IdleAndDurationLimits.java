package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The idle timeout and the maximum duration of a session, and the warnings before them. Called by the registry's clock;
 * {@link #onActivity} by any thread.
 */
final class IdleAndDurationLimits {

    private final SessionLimits limits;
    private volatile Duration maxDuration;
    private volatile long startedNanos;
    private volatile long activeNanos;
    private long idleWarnedFor;
    private boolean durationWarned;

    /**
     * A warning or an end is due.
     *
     * @param cause of the end
     * @param code of the warning
     * @param sentence of the warning, for people
     * @param inMillis time until the end; zero for the end itself
     */
    record Notice(EndCause cause, String code, String sentence, long inMillis) {

        static Notice of(EndCause cause, long inMillis) {
            String sentence = cause == EndCause.IDLE_TIMEOUT
                    ? "The conversation is idle and will end soon."
                    : "The conversation will soon reach its maximum duration.";
            return new Notice(cause, cause.label(), sentence, inMillis);
        }
    }

    /**
     * Nothing is due.
     *
     * @param own longest life for this caller, {@code null} when only the service's own limit holds
     */
    IdleAndDurationLimits(SessionLimits limits, @Nullable Duration own, long startedNanos) {
        this.limits = limits;
        this.maxDuration = own == null || own.compareTo(limits.maxDuration()) > 0 ? limits.maxDuration() : own;
        this.startedNanos = startedNanos;
        this.activeNanos = startedNanos;
        this.idleWarnedFor = startedNanos - 1;
    }

    /**
     * Another limit holds, too.
     *
     * @param own longest life, {@code null} for no other limit
     */
    void restrict(@Nullable Duration own) {
        Duration now = maxDuration;
        if (own != null && own.compareTo(now) < 0) {
            maxDuration = own;
        }
    }

    /** The conversation has lasted for some time on other instances. */
    void addEarlierDuration(Duration earlier) {
        long here = startedNanos;
        startedNanos = here - earlier.toNanos();
    }

    /** The user or the model has been active. */
    void onActivity(long nowNanos) {
        activeNanos = nowNanos;
    }

    /** The time since the last activity. */
    Duration idleTime(long nowNanos) {
        return Duration.ofNanos(nowNanos - activeNanos);
    }

    /**
     * What is due now; each warning is returned once.
     *
     * @param idleCounts whether silence counts as idle: the session is live, and no function call is pending
     */
    @Nullable
    Notice check(long nowNanos, boolean idleCounts) {
        long left = maxDuration.toNanos() - (nowNanos - startedNanos);
        if (left < 0) {
            return Notice.of(EndCause.MAX_DURATION, 0);
        }
        if (!idleCounts) {
            onActivity(nowNanos);
        }
        long active = activeNanos;
        long idleLeft = limits.idleTimeout().toNanos() - (nowNanos - active);
        if (idleLeft < 0) {
            return Notice.of(EndCause.IDLE_TIMEOUT, 0);
        }
        if (!durationWarned && left <= warningNanos(maxDuration)) {
            durationWarned = true;
            return Notice.of(EndCause.MAX_DURATION, left / 1_000_000);
        }
        if (idleWarnedFor != active && idleLeft <= warningNanos(limits.idleTimeout())) {
            idleWarnedFor = active;
            return Notice.of(EndCause.IDLE_TIMEOUT, idleLeft / 1_000_000);
        }
        return null;
    }

    /** Time until {@link #check} has a result, unless there is activity before. */
    long dueInNanos(long nowNanos) {
        long active = activeNanos;
        long left = maxDuration.toNanos() - (nowNanos - startedNanos);
        long idleLeft = limits.idleTimeout().toNanos() - (nowNanos - active);
        return Math.min(
                durationWarned ? left : left - warningNanos(maxDuration),
                idleWarnedFor == active ? idleLeft : idleLeft - warningNanos(limits.idleTimeout()));
    }

    /** The warning of a short limit comes after half of it. */
    private long warningNanos(Duration limit) {
        return Math.min(limits.warningTime().toNanos(), limit.toNanos() / 2);
    }
}
