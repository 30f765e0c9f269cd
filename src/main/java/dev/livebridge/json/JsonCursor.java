package dev.livebridge.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of an expected shape, in UTF-8, and returns large strings as slices.
 *
 * <p>It does not validate: every method returns whether the text continues as expected. If not, the caller passes the
 * whole frame to {@link StrictJson}, which handles every shape and every fault. Strings are sliced up to the next
 * quotation mark, so one with an escaped quotation mark ends early, on a backslash. That is harmless because all
 * callers check the slice against an alphabet without backslash.
 */
public final class JsonCursor {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private final byte[] bytes;
    private final int end;
    private int at;

    /**
     * Starts at the beginning of a text.
     *
     * @param text one JSON value
     */
    public JsonCursor(Utf8Slice text) {
        this.bytes = text.bytes();
        this.at = text.from();
        this.end = text.to();
    }

    /** Consumes one structural character and the white space before it, if that is what follows. */
    public boolean take(char structural) {
        skipWhitespace();
        return takeByte(structural);
    }

    private boolean takeByte(char expected) {
        if (at < end && bytes[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /**
     * Consumes the key, of ASCII characters, of a member and the colon after it; the cursor stays where it was when
     * another key follows.
     */
    public boolean takeKey(String key) {
        int before = at;
        // No white space may be skipped before the closing quotation mark: it would belong to the key.
        if (take('"') && takeAscii(key) && takeByte('"') && take(':')) {
            return true;
        }
        at = before;
        return false;
    }

    private boolean takeAscii(String expected) {
        int length = expected.length();
        if (end - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[at + i] != expected.charAt(i)) {
                return false;
            }
        }
        at += length;
        return true;
    }

    /** Consumes a member's key in either of its spellings. */
    public boolean takeKey(String camelCase, String snakeCase) {
        return takeKey(camelCase) || takeKey(snakeCase);
    }

    /**
     * Consumes a string.
     *
     * @return the characters up to the next quotation mark, escapes untouched; {@code null} when no string follows
     */
    public @Nullable String takeSlice() {
        int length = takeString();
        return length < 0 ? null : new String(bytes, at - 1 - length, length, UTF_8);
    }

    /**
     * Consumes a string.
     *
     * @return its length in bytes, {@code -1} when no string follows; it ends before the cursor and a quotation mark
     */
    private int takeString() {
        if (!take('"')) {
            return -1;
        }
        int from = at;
        int quote = quote(from);
        if (quote == end) {
            return -1;
        }
        at = quote + 1;
        return quote - from;
    }

    /**
     * The next quotation mark, or the end. Tests eight bytes at a time, since a chunk of audio is thousands of them.
     */
    private int quote(int from) {
        int index = from;
        for (; index <= end - Long.BYTES; index += Long.BYTES) {
            long zeroAtQuote = (long) LONGS.get(bytes, index) ^ ('"' * EACH_BYTE);
            // Sets the high bit of the first byte that is zero; later bits are noise.
            long found = (zeroAtQuote - EACH_BYTE) & ~zeroAtQuote & HIGH_BITS;
            if (found != 0) {
                return index + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (index < end && bytes[index] != '"') {
            index++;
        }
        return index;
    }

    /** Consumes a string of base64; {@code null} when something else follows. */
    private @Nullable String takeBase64() {
        int length = takeString();
        return length < 0 ? null : Base64Form.standard(bytes, at - 1 - length, length);
    }

    /**
     * A media blob of Gemini Live's wire.
     *
     * @param mimeType escapes untouched
     * @param data base64 in its standard form
     */
    public record Blob(String mimeType, String data) {}

    /**
     * Consumes an object that consists of {@code mimeType} and {@code data}, in any order.
     *
     * @return {@code null} when something else follows; the cursor may then stand anywhere
     */
    public @Nullable Blob takeBlob() {
        if (!take('{')) {
            return null;
        }
        String mimeType;
        String data;
        if (takeKey("mimeType", "mime_type")) {
            mimeType = takeSlice();
            data = take(',') && takeKey("data") ? takeBase64() : null;
        } else {
            data = takeKey("data") ? takeBase64() : null;
            mimeType = take(',') && takeKey("mimeType", "mime_type") ? takeSlice() : null;
        }
        return mimeType == null || data == null || !take('}') ? null : new Blob(mimeType, data);
    }

    /** Whether nothing but white space is left. */
    public boolean atEnd() {
        skipWhitespace();
        return at == end;
    }

    private void skipWhitespace() {
        while (at < end) {
            byte c = bytes[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }
}
