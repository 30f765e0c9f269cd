package dev.livebridge.gemini;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes credentials and details of the deployment from a text that clients or logs will show. */
final class Secrets {

    private static final int MAX_LENGTH = 300;
    private static final int MIN_CUT_KEY = 6;
    private static final String REPLACEMENT = "[secret]";

    /** Keys ({@code AIza…}, {@code AQ.…}), tokens, and values named like one (gemini-live-api.md section 2.2). */
    private static final Pattern CREDENTIAL = Pattern.compile("AIza[0-9A-Za-z_-]{4,}"
            + "|AQ\\.[0-9A-Za-z_.-]{4,}"
            + "|ya29\\.[0-9A-Za-z_.-]+"
            + "|auth_tokens/[^\\s\"']+"
            + "|(?i:bearer)\\s+[0-9A-Za-z_./+=~-]+"
            + "|(?i:token)\\s+[0-9A-Za-z_./+=~-]{16,}"
            + "|(?i:key|access_token|api[-_]key)[\"']?\\s?[=:]\\s?[\"']?[^\\s&\"']+");

    /** Numbers of Google's projects, private addresses and names of internal hosts: details of the deployment. */
    private static final Pattern INSIDE = Pattern.compile("(?i:projects?[/_ ](?:number)?[: ]*)\\d{6,}"
            + "|(?<![\\d.])(?:(?:10|127)\\.\\d{1,3}|192\\.168|169\\.254|172\\.(?:1[6-9]|2\\d|3[01])"
            + "|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7]))\\.\\d{1,3}\\.\\d{1,3}(?::\\d{1,5})?(?![\\d.]\\d)"
            + "|(?i:[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:internal|local|localdomain)\\b(?::\\d{1,5})?)");

    /** Control and format characters, and the line ends of Unicode: they could forge a log line. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]+");

    private Secrets() {}

    /**
     * Scrubs a text that came from outside.
     *
     * @param text anything
     * @param keys our own credentials, taken out wherever they stand, also where the text was cut in the middle of one
     * @return at most 300 characters and an ellipsis, one line
     */
    static String scrub(String text, List<String> keys) {
        String clean = text;
        for (String key : keys) {
            clean = withoutKey(clean, key);
        }
        clean = CONTROL.matcher(clean).replaceAll(" ").strip();
        clean = CREDENTIAL.matcher(clean).replaceAll(Matcher.quoteReplacement(REPLACEMENT));
        clean = INSIDE.matcher(clean).replaceAll("[internal]");
        return clean.length() <= MAX_LENGTH ? clean : cut(clean) + "…";
    }

    private static String withoutKey(String text, String key) {
        if (key.isEmpty()) {
            return text;
        }
        String clean = text.replace(key, REPLACEMENT);
        for (int length = key.length() - 1; length >= MIN_CUT_KEY; length--) {
            if (clean.endsWith(key.substring(0, length))) {
                return clean.substring(0, clean.length() - length) + REPLACEMENT;
            }
        }
        return clean;
    }

    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        return text.substring(0, end);
    }
}
