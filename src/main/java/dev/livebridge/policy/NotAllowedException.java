package dev.livebridge.policy;

import java.io.Serial;

/** A setup or an update is refused. The message is one sentence for the client and names the member. */
public final class NotAllowedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    NotAllowedException(String message) {
        super(message, null, false, false);
    }

    /** The sentence for the client. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
