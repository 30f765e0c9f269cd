package dev.livebridge.access.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an API key: {@code lb_ID_SECRET}, with a secret of 256 random bits as 43 characters of base64url.
 *
 * @param id of the key in the file and in logs
 * @param whole the key; secret
 */
record ApiKeyText(String id, String whole) {

    /** Prefix of every key; secret scanners recognize keys by it. */
    static final String PREFIX = "lb_";

    /** The form of an id. */
    static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");

    private static final Pattern FORM = Pattern.compile(PREFIX + "(" + ID.pattern() + ")_[A-Za-z0-9_-]{43}");
    private static final int SECRET_BYTES = 32;

    /**
     * Parses a text from a client.
     *
     * @return empty if the text does not have the form of a key
     */
    static Optional<ApiKeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new ApiKeyText(form.group(1), text)) : Optional.empty();
    }

    /** Generates a key. */
    static ApiKeyText generate(String id, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new ApiKeyText(
                id, PREFIX + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** SHA-256 of the whole key. A slow hash is not needed, because 256 random bits can't be guessed. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(whole.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest as in the file. */
    String hash() {
        return HexFormat.of().formatHex(digest());
    }

    /** Does not contain the secret. */
    @Override
    public String toString() {
        return "API key " + id;
    }
}
