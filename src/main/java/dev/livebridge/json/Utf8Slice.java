package dev.livebridge.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Text in UTF-8 within a larger array, such as the payload of a frame, so that it need not be copied to be read.
 *
 * @param bytes not copied; must not change
 * @param from index of the first byte
 * @param to index after the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Utf8Slice(byte[] bytes, int from, int to) {

    /** The UTF-8 of a text. */
    public static Utf8Slice of(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new Utf8Slice(bytes, 0, bytes.length);
    }

    /** The length in bytes. */
    public int length() {
        return to - from;
    }

    /** The text; malformed UTF-8 becomes replacement characters. */
    public String text() {
        return new String(bytes, from, length(), UTF_8);
    }

    /** A copy of the bytes. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
