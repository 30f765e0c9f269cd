package dev.livebridge.simulator;

import java.util.Base64;

/** {@code bytes} as they stand in JSON: either alphabet, padded or not (gemini-live-api.md section 3). */
final class Base64Bytes {

    private static final boolean[] ALPHABETS = new boolean[128];

    static {
        String all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
        for (int i = 0; i < all.length(); i++) {
            ALPHABETS[all.charAt(i)] = true;
        }
    }

    private Base64Bytes() {}

    /** Whether all characters are of an alphabet, but for the padding. */
    static boolean wellFormed(String text) {
        int end = text.length();
        while (end > 0 && end > text.length() - 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= ALPHABETS.length || !ALPHABETS[c]) {
                return false;
            }
        }
        return end % 4 != 1;
    }

    /**
     * Decodes what is well formed.
     *
     * @throws RefusedException 1007 when it is not
     */
    static byte[] decode(String text) {
        try {
            return (isUrlSafe(text) ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalidArgument();
        }
    }

    /** The service always sends the standard alphabet with padding. */
    static String standard(String text, byte[] decoded) {
        boolean already = text.length() % 4 == 0 && !isUrlSafe(text);
        return already ? text : Base64.getEncoder().encodeToString(decoded);
    }

    private static boolean isUrlSafe(String text) {
        return text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    }
}
