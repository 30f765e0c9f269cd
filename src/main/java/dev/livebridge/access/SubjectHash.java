package dev.livebridge.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hashes subjects for logs, metrics and labels: the first 72 bits of an HMAC-SHA-256 with a secret salt, as 12
 * characters of base64url. With the same salt a subject always has the same hash. Without the salt subjects can't be
 * guessed from hashes.
 *
 * <p>Safe for use by many threads.
 */
public final class SubjectHash {

    /** Characters of a hash. */
    public static final int LENGTH = 12;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = LENGTH * 6 / 8;

    private final SecretKeySpec salt;

    /**
     * Creates a hash function.
     *
     * @param salt secret, 32 bytes or more
     */
    public SubjectHash(byte[] salt) {
        this.salt = new SecretKeySpec(salt, ALGORITHM);
    }

    /** The hash of a subject. */
    public String of(String subject) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(salt);
            byte[] digest = mac.doFinal(subject.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
