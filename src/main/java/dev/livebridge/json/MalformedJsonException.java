package dev.livebridge.json;

import java.io.Serial;

/** A text isn't JSON. The message says where it breaks, never what it holds. */
public final class MalformedJsonException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
