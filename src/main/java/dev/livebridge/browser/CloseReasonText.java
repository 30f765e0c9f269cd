package dev.livebridge.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;

/** Truncates a close reason to the 123 bytes that a close frame can hold (RFC 6455 section 5.5). */
final class CloseReasonText {

    private static final int MAX_BYTES = 123;

    private CloseReasonText() {}

    /** Whether the whole text fits. */
    static boolean fits(String reason) {
        return reason.getBytes(UTF_8).length <= MAX_BYTES;
    }

    /** The longest prefix of whole characters that fits. */
    static String fit(String reason) {
        if (reason.length() * 3 <= MAX_BYTES) {
            return reason;
        }
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        CharBuffer characters = CharBuffer.wrap(reason);
        // The encoder stops before a character that does not fit, so no character is split.
        UTF_8.newEncoder().encode(characters, bytes, true);
        return reason.substring(0, characters.position());
    }
}
