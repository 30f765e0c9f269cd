package dev.livebridge.session;

import dev.livebridge.access.Caller;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.IdleAndDurationLimits.Notice;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a conversation and the expiry of its credential. A warning announces the expiry; the conversation ends
 * if the client sends no new credential within the grace time. Safe for use by many threads.
 */
public final class CredentialExpiry {

    /** The code of the warning. */
    static final String EXPIRING = "auth_expiring";

    /** A longer time does not matter, and may not fit nanoseconds. */
    private static final Duration MAX_COUNTED = Duration.ofDays(1);

    private final Duration warning;
    private final Duration grace;
    private Caller caller;
    private boolean warned;

    CredentialExpiry(Caller caller, SessionLimits limits) {
        this.caller = caller;
        this.warning = limits.expiryWarning();
        this.grace = limits.expiryGrace();
    }

    /** Google ends a conversation with its ephemeral token, which can't be replaced within it. */
    private Duration grace() {
        return caller.token() == null ? grace : Duration.ZERO;
    }

    /** The caller, with the expiry of its newest credential. */
    public synchronized Caller caller() {
        return caller;
    }

    /**
     * Takes the expiry of a new credential of the same caller. The caller's roles and rule stay those of the start of
     * the conversation.
     */
    public synchronized void renew(Caller renewed) {
        caller = caller.until(renewed.expiresAt());
        warned = false;
    }

    /** The warning or the end that is due now; {@code null} for none. Each credential has one warning. */
    synchronized @Nullable Notice check(Instant now) {
        Instant end = caller.expiresAt();
        if (end == null) {
            return null;
        }
        if (!now.isBefore(end.plus(grace()))) {
            return new Notice(
                    EndCause.AUTH_EXPIRED, EndCause.AUTH_EXPIRED.label(), EndCause.AUTH_EXPIRED.sentence(), 0);
        }
        if (warned || now.isBefore(end.minus(warning))) {
            return null;
        }
        warned = true;
        return new Notice(
                EndCause.AUTH_EXPIRED,
                EXPIRING,
                "The credential of this conversation expires soon. Send a new one.",
                Math.max(1, Duration.between(now, end).toMillis()));
    }

    /** Time until {@link #check} has a result; {@link Long#MAX_VALUE} for a credential that does not expire. */
    synchronized long dueInNanos(Instant now) {
        Instant end = caller.expiresAt();
        if (end == null) {
            return Long.MAX_VALUE;
        }
        Duration left = Duration.between(now, warned ? end.plus(grace()) : end.minus(warning));
        return left.compareTo(MAX_COUNTED) > 0 ? Long.MAX_VALUE : left.toNanos();
    }
}
