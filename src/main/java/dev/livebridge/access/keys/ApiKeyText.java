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
 * An API key as its owner has it: {@code lb_ID_SECRET}, with a secret of 256 random bits as 43 characters of base64url.
 *
 * @param id names the key in the file, in logs and in metrics
 * @param whole the key, a secret
 */
record ApiKeyText(String id, String whole) {

    /** Begins each key, so that scanners of source code find lost ones. */
    static final String PREFIX = "lb_";

    /** What an id looks like. */
    static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");

    private static final Pattern FORM = Pattern.compile(PREFIX + "(" + ID.pattern() + ")_[A-Za-z0-9_-]{43}");
    private static final int SECRET_BYTES = 32;

    /**
     * Reads what a caller has sent.
     *
     * @return nothing for anything else than a key
     */
    static Optional<ApiKeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new ApiKeyText(form.group(1), text)) : Optional.empty();
    }

    /** A new key. */
    static ApiKeyText generate(String id, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new ApiKeyText(
                id, PREFIX + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    /** SHA-256 of the whole key. A secret of 256 random bits can't be guessed, so no slow hash is needed. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(whole.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** The digest as it stands in the file. */
    String hash() {
        return HexFormat.of().formatHex(digest());
    }

    /** Says nothing of the secret. */
    @Override
    public String toString() {
        return "API key " + id;
    }
}
