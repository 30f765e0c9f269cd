package dev.livebridge.json;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of an expected shape and returns large strings as slices.
 *
 * <p>It does not validate: every method returns whether the text continues as expected. If not, the caller passes the
 * whole frame to {@link StrictJson}, which handles every shape and every fault. Strings are sliced up to the next
 * quotation mark, so one with an escaped quotation mark ends early, on a backslash. That is harmless because all
 * callers check the slice against an alphabet without backslash.
 */
public final class JsonCursor {

    private final String text;
    private int at;

    /**
     * Starts at the beginning of a text.
     *
     * @param text one JSON value
     */
    public JsonCursor(String text) {
        this.text = text;
    }

    /** Consumes one structural character and the white space before it, if that is what follows. */
    public boolean take(char structural) {
        skipWhitespace();
        if (at < text.length() && text.charAt(at) == structural) {
            at++;
            return true;
        }
        return false;
    }

    /** Consumes a member's key and the colon after it; the cursor stays where it was when another key follows. */
    public boolean takeKey(String key) {
        int before = at;
        if (take('"') && text.startsWith(key, at)) {
            at += key.length();
            // No white space may be skipped before the closing quotation mark: it would belong to the key.
            if (at < text.length() && text.charAt(at) == '"') {
                at++;
                if (take(':')) {
                    return true;
                }
            }
        }
        at = before;
        return false;
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
        if (!take('"')) {
            return null;
        }
        int end = text.indexOf('"', at);
        if (end < 0) {
            return null;
        }
        String slice = text.substring(at, end);
        at = end + 1;
        return slice;
    }

    /**
     * A media blob of Gemini Live's wire.
     *
     * @param mimeType escapes untouched
     * @param data base64 in any form
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
            data = take(',') && takeKey("data") ? takeSlice() : null;
        } else {
            data = takeKey("data") ? takeSlice() : null;
            mimeType = take(',') && takeKey("mimeType", "mime_type") ? takeSlice() : null;
        }
        return mimeType == null || data == null || !take('}') ? null : new Blob(mimeType, data);
    }

    /** Whether nothing but white space is left. */
    public boolean atEnd() {
        skipWhitespace();
        return at == text.length();
    }

    private void skipWhitespace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }
}
