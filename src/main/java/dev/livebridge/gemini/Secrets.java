package dev.livebridge.gemini;

import java.util.regex.Pattern;

/** Takes whatever could be a credential out of a text that people will see. */
final class Secrets {

    private static final int MAX_LENGTH = 300;

    /** Keys ({@code AIza…}, {@code AQ.…}), tokens, bearer values, and secret query parameters (section 2.2). */
    private static final Pattern CREDENTIAL = Pattern.compile(
            "AIza[0-9A-Za-z_-]{4,}|AQ\\.[0-9A-Za-z_.-]{4,}|auth_tokens/[^\\s\"']+|ya29\\.[0-9A-Za-z_.-]+"
                    + "|(?i:bearer|token)\\s+[0-9A-Za-z_./+=-]{16,}"
                    + "|(?i:key|access_token|api_key)=[^\\s&\"']+");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private Secrets() {}

    /**
     * Scrubs a text that came from outside.
     *
     * @param text anything
     * @param key our own credential, taken out wherever it stands; may be empty
     * @return at most 300 characters, one line
     */
    static String scrub(String text, String key) {
        String clean = key.isEmpty() ? text : text.replace(key, "[secret]");
        clean = CREDENTIAL.matcher(clean).replaceAll("[secret]");
        clean = CONTROL.matcher(clean).replaceAll(" ").strip();
        return clean.length() <= MAX_LENGTH ? clean : clean.substring(0, MAX_LENGTH) + "…";
    }
}
