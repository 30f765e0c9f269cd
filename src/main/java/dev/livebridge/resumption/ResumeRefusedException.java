package dev.livebridge.resumption;

import java.io.Serial;
import java.util.Locale;

/**
 * A token is refused. The reason is for metrics only: an answer with the reason would help an attacker who guesses
 * tokens.
 */
public final class ResumeRefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** The reason of a refusal. */
    public enum Reason {
        /** Not a token: too short, too long, not base64url, or of another version. */
        MALFORMED,
        /** Sealed with a key that this service does not have. */
        UNKNOWN_KEY,
        /** Modified after sealing. */
        FORGED,
        /** Issued for another purpose. */
        MISUSED,
        /** Older than its lifetime. */
        EXPIRED,
        /** Issued to another subject, or to a page of another origin. */
        FOREIGN,
        /** Used before, or older than a used one. */
        REPLAYED,
        /** The session has ended and can't be resumed. */
        OVER;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The metric label. */
        public String label() {
            return label;
        }
    }

    private final Reason reason;

    /** A refusal. The message is the reason's label; it holds nothing of the token. */
    public ResumeRefusedException(Reason reason) {
        super(reason.label(), null, false, false);
        this.reason = reason;
    }

    /** The reason, for metrics. */
    public Reason reason() {
        return reason;
    }
}
