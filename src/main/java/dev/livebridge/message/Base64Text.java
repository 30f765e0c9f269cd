package dev.livebridge.message;

import java.util.Base64;

/**
 * Binary data that stays base64 on its way through the gateway: standard alphabet, padded, no line breaks.
 *
 * <p>The creator has checked or converted the text; later code does not check it again.
 *
 * @param text the base64 characters
 */
public record Base64Text(String text) {

    /** Length of the data in bytes, without decoding it. */
    public int decodedLength() {
        int length = text.length();
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        return length / 4 * 3 - padding;
    }

    /** The data itself; only dialects with binary frames need it. */
    public byte[] decode() {
        return Base64.getDecoder().decode(text);
    }

    /** Wraps raw bytes that arrived in a binary frame. */
    public static Base64Text encode(byte[] data) {
        return new Base64Text(Base64.getEncoder().encodeToString(data));
    }
}
