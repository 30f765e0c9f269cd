package dev.livebridge.json;

import java.io.Serial;

/** A text isn't JSON. The message says where it is malformed, and never quotes the text. */
public final class MalformedJsonException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message, null, false, false);
    }
}
