package dev.livebridge.session;

import dev.livebridge.access.Caller;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.IdleAndDurationLimits.Notice;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a conversation, and the end of its credential: it is announced, and the conversation ends if no new
 * credential comes within the grace time. Safe to use from any thread; {@link #check} by the registry's clock.
 */
public final class CredentialExpiry {

    /** The code of the announcement. */
    static final String EXPIRING = "auth_expiring";

    private final Duration warning;
    private final Duration grace;
    private Caller caller;
    private boolean warned;

    CredentialExpiry(Caller caller, SessionLimits limits) {
        this.caller = caller;
        this.warning = limits.expiryWarning();
        this.grace = limits.expiryGrace();
    }

    /** Who talks, with the end of the newest credential. */
    public synchronized Caller caller() {
        return caller;
    }

    /**
     * The same caller has shown a newer credential, or has come back with one. Its rights stay as they were at the
     * beginning of the conversation.
     */
    public synchronized void renew(Caller again) {
        caller = caller.until(again.expiresAt());
        warned = false;
    }

    /** What has to be announced or done, the announcement once for each credential. */
    synchronized @Nullable Notice check(Instant now) {
        Instant end = caller.expiresAt();
        if (end == null) {
            return null;
        }
        if (!now.isBefore(end.plus(grace))) {
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
                "The credential of this conversation will soon expire; send a new one.",
                Math.max(1, Duration.between(now, end).toMillis()));
    }
}
