package dev.livebridge.gemini.wire;

import java.io.Serial;

/** A frame from the upstream can't be understood. The message says what is wrong with it, never what it holds. */
public final class WireException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message, null, false, false);
    }
}
