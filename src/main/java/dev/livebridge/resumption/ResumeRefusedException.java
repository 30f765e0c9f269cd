package dev.livebridge.resumption;

import java.io.Serial;
import java.util.Locale;

/**
 * A token opens nothing. Why is for the meters alone: whoever tries tokens must not learn from the answer how near they
 * came.
 */
public final class ResumeRefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why a token was refused. */
    public enum Reason {
        /** Not a token: too short, too long, not base64url, or of another version. */
        MALFORMED,
        /** Sealed with a key that this service does not have. */
        UNKNOWN_KEY,
        /** Changed after it was sealed. */
        FORGED,
        /** Good for something else. */
        MISUSED,
        /** Older than its lifetime. */
        EXPIRED,
        /** Issued to another subject, or to a page of another origin. */
        FOREIGN,
        /** Used already, or older than one that was. */
        REPLAYED,
        /** The conversation is over for good. */
        OVER;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The metric label. */
        public String label() {
            return label;
        }
    }

    private final Reason reason;

    /** A refusal; its message holds the reason's name and nothing of the token. */
    public ResumeRefusedException(Reason reason) {
        super(reason.label(), null, false, false);
        this.reason = reason;
    }

    /** Why, for the meters. */
    public Reason reason() {
        return reason;
    }
}
