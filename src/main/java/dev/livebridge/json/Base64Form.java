package dev.livebridge.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Brings base64 into its standard form without decoding it.
 *
 * <p>Eight characters are tested at a time with plain arithmetic on a {@code long} and no branches, since a second of
 * speech is 43,000 of them.
 */
public final class Base64Form {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Base64Form() {}

    /**
     * The standard form of some base64: alphabet with {@code +} and {@code /}, padded.
     *
     * @param text base64 in the standard or the URL-safe alphabet, padded or not; no white space, no escapes
     * @return the same string when it is in standard form already; {@code null} when it isn't base64
     */
    public static @Nullable String standard(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        // A pair of surrogates becomes a single byte.
        if (bytes.length != text.length()) {
            return null;
        }
        String standard = standard(bytes, 0, bytes.length);
        return text.equals(standard) ? text : standard;
    }

    /**
     * As {@link #standard(String)}, for text within an array.
     *
     * @param bytes not changed
     * @param from index of the first character
     * @param length in bytes
     */
    static @Nullable String standard(byte[] bytes, int from, int length) {
        int padding = padding(bytes, from, length);
        int digits = length - padding;
        int surplus = digits & 3;
        if (surplus == 1 || (padding > 0 && (length & 3) != 0)) {
            return null;
        }
        String whole;
        if (isStandardAlphabet(bytes, from, digits)) {
            whole = new String(bytes, from, length, ISO_8859_1);
        } else {
            byte[] translated = Arrays.copyOfRange(bytes, from, from + length);
            translateUrlSafe(translated, digits);
            if (!isStandardAlphabet(translated, 0, digits)) {
                return null;
            }
            whole = new String(translated, ISO_8859_1);
        }
        return padding == 0 && surplus != 0 ? whole + (surplus == 2 ? "==" : "=") : whole;
    }

    private static int padding(byte[] bytes, int from, int length) {
        int last = from + length - 1;
        if (length == 0 || bytes[last] != '=') {
            return 0;
        }
        return length > 1 && bytes[last - 1] == '=' ? 2 : 1;
    }

    private static boolean isStandardAlphabet(byte[] bytes, int from, int length) {
        long invalid = 0;
        int at = from;
        int end = from + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            invalid |= invalid((long) LONGS.get(bytes, at));
        }
        // The rest fills up with a digit, so that it's tested in the same way.
        long rest = '0' * EACH_BYTE;
        for (; at < end; at++) {
            rest = (rest << Byte.SIZE) | (bytes[at] & 0xFF);
        }
        return ((invalid | invalid(rest)) & HIGH_BITS) == 0;
    }

    /** Sets the high bit of each byte that is not a letter, a digit, {@code /} or {@code +}; other bits are noise. */
    private static long invalid(long eight) {
        long ascii = eight & ~HIGH_BITS;
        long folded = ascii | (' ' * EACH_BYTE);
        long letter = atLeast(folded, 'a') & ~atLeast(folded, 'z' + 1);
        long digitOrSlash = atLeast(ascii, '/') & ~atLeast(ascii, '9' + 1);
        long plus = ~((ascii ^ ('+' * EACH_BYTE)) + 0x7F * EACH_BYTE);
        return eight | ~(letter | digitOrSlash | plus);
    }

    /** Sets the high bit of each byte that is at least {@code bound}; all bytes and the bound are below 128. */
    private static long atLeast(long ascii, int bound) {
        return ascii + (0x80 - bound) * EACH_BYTE;
    }

    private static void translateUrlSafe(byte[] bytes, int length) {
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            LONGS.set(bytes, at, eight ^ equal(eight, '-') * ('-' ^ '+') ^ equal(eight, '_') * ('_' ^ '/'));
        }
        for (; at < length; at++) {
            byte b = bytes[at];
            bytes[at] = b == '-' ? (byte) '+' : b == '_' ? (byte) '/' : b;
        }
    }

    /** Makes 1 of each byte that is {@code wanted}, and 0 of each other one. */
    private static long equal(long eight, int wanted) {
        long difference = eight ^ wanted * EACH_BYTE;
        long lowBitsDiffer = (difference & ~HIGH_BITS) + ~HIGH_BITS;
        return (~(lowBitsDiffer | difference) & HIGH_BITS) >>> 7;
    }
}
