package dev.livebridge.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Writes one JSON object member by member, in the order of the calls. */
public final class JsonText {

    private final StringBuilder out;

    private JsonText(int capacity) {
        out = new StringBuilder(capacity).append('{');
    }

    /** An object without members yet. */
    public static JsonText object() {
        return new JsonText(128);
    }

    /** A text as a JSON string, with its quotation marks. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        appendQuoted(out, text);
        return out.toString();
    }

    /** Adds a string. */
    public JsonText put(String key, String text) {
        key(key);
        appendQuoted(out, text);
        return this;
    }

    /** Adds a whole number. */
    public JsonText put(String key, long number) {
        key(key);
        out.append(number);
        return this;
    }

    /** Adds a number, which must be finite; whole ones are written without a fraction. */
    public JsonText put(String key, double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
            return put(key, (long) number);
        }
        key(key);
        out.append(number);
        return this;
    }

    /** Adds a truth value. */
    public JsonText put(String key, boolean value) {
        key(key);
        out.append(value);
        return this;
    }

    /** Adds a list of strings. */
    public JsonText put(String key, Iterable<String> texts) {
        key(key);
        out.append('[');
        String separator = "";
        for (String text : texts) {
            out.append(separator);
            appendQuoted(out, text);
            separator = ",";
        }
        out.append(']');
        return this;
    }

    /** Adds a value that is JSON already. */
    public JsonText putJson(String key, String json) {
        key(key);
        out.append(json);
        return this;
    }

    /** The whole object. */
    public String end() {
        return out.append('}').toString();
    }

    private void key(String key) {
        if (out.length() > 1) {
            out.append(',');
        }
        appendQuoted(out, key);
        out.append(':');
    }

    private static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
