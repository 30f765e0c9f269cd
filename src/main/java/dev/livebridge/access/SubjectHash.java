package dev.livebridge.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The only form in which a subject leaves the process: the first 72 bits of an HMAC-SHA-256 with a secret salt, as 12
 * characters of base64url. The same subject has the same hash as long as the salt is the same; without the salt nobody
 * can try subjects out.
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
     * Hashes with a salt.
     *
     * @param salt secret; 32 bytes are enough
     */
    public SubjectHash(byte[] salt) {
        this.salt = new SecretKeySpec(salt, ALGORITHM);
    }

    /** The hash of a subject. */
    public String of(String subject) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(salt);
            byte[] whole = mac.doFinal(subject.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(whole, BYTES));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", missing);
        }
    }
}
