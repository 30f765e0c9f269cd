package dev.livebridge.access.keys;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the file of keys.
 *
 * @param id as in the key
 * @param subject who calls with it; several keys may name one
 * @param roles what the rules go by
 * @param hashes SHA-256 of the live keys of this id, lower-case hexadecimal; one, or two while keys are exchanged
 * @param origins pages that may use it, {@code scheme://host[:port]}; empty: no page may, programs may
 * @param expiresAt when it stops being good, {@code null} when it does not
 */
public record ApiKey(
        String id,
        String subject,
        Set<String> roles,
        List<String> hashes,
        Set<String> origins,
        @Nullable Instant expiresAt) {

    /** Keys of one id that are good at the same time. */
    static final int MOST_HASHES = 2;

    public ApiKey {
        roles = Set.copyOf(roles);
        hashes = List.copyOf(hashes);
        origins = Set.copyOf(origins);
    }

    /** Whether a digest is that of a live key; in constant time. */
    boolean matches(byte[] digest) {
        boolean found = false;
        for (String hash : hashes) {
            found |= MessageDigest.isEqual(HexFormat.of().parseHex(hash), digest);
        }
        return found;
    }

    /** The same entry with other live keys. */
    ApiKey with(List<String> otherHashes) {
        return new ApiKey(id, subject, roles, otherHashes, origins, expiresAt);
    }
}
