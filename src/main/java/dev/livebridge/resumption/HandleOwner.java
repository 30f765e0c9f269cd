package dev.livebridge.resumption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The caller of the conversation that a resumption handle belongs to. Another caller can't use the handle.
 *
 * @param subject of the caller, {@code null} if the service requires no credential. Never logged
 * @param token id of the ephemeral token that the caller has come with, {@code null} without one
 * @param lock digest of the setup that the token locks, {@code null} when nothing is locked
 */
public record HandleOwner(
        @Nullable String subject,
        @Nullable String token,
        @Nullable String lock) {

    /** A caller of a service that requires no credential. */
    public static final HandleOwner NONE = new HandleOwner(null, null, null);

    private static final int LOCK_BYTES = 16;

    /**
     * The owner of handles.
     *
     * @param token id of the ephemeral token
     * @param setup that the token locks, JSON in canonical spelling; {@code null} when nothing is locked
     * @param mask paths of the locked members
     */
    public static HandleOwner of(
            @Nullable String subject, @Nullable String token, @Nullable String setup, List<String> mask) {
        return new HandleOwner(subject, token, setup == null ? null : digest(setup + "\n" + String.join(",", mask)));
    }

    /**
     * Whether a caller may use a handle of this owner. A token with a lock continues only conversations under the same
     * lock: a handle brings the model and the agent of its conversation.
     *
     * @param caller that sends the handle
     */
    public boolean admits(HandleOwner caller) {
        return Objects.equals(subject, caller.subject) && (caller.lock == null || caller.lock.equals(lock));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, LOCK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Omits the subject. */
    @Override
    public String toString() {
        return "HandleOwner[token " + token + "]";
    }
}
