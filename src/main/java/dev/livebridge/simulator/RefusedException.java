package dev.livebridge.simulator;

import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** The service ends the connection: a close code and the text beside it (gemini-live-api.md section 11). */
final class RefusedException extends RuntimeException {

    /** RFC 6455 leaves 123 bytes for a reason; the service cuts longer ones mid-word. */
    static final int MAX_REASON_BYTES = 123;

    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    RefusedException(int code, String reason) {
        super(code + " " + reason, null, false, false);
        this.code = code;
        this.reason = cut(reason);
    }

    /** 1007, the code for everything that is wrong with a request's content. */
    static RefusedException invalid(String reason) {
        return new RefusedException(1007, reason);
    }

    /** 1007 with the text the service gives when it does not say what it dislikes. */
    static RefusedException invalidArgument() {
        return invalid("Request contains an invalid argument.");
    }

    int code() {
        return code;
    }

    String reason() {
        return reason;
    }

    private static String cut(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_REASON_BYTES) {
            return reason;
        }
        int end = MAX_REASON_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
