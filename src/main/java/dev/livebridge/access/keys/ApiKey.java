package dev.livebridge.access.keys;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the key file.
 *
 * @param id of the key
 * @param subject of the caller; several keys may have the same subject
 * @param roles of the caller, for the rules
 * @param hashes SHA-256 of the valid keys of this id, lower-case hexadecimal; one, or two during a rotation
 * @param origins of the pages that may use the key, {@code scheme://host[:port]}; empty for programs only
 * @param expiresAt end of the key, {@code null} for none
 */
public record ApiKey(
        String id,
        String subject,
        Set<String> roles,
        List<String> hashes,
        Set<String> origins,
        @Nullable Instant expiresAt) {

    /** Upper bound of the valid keys of one id. */
    static final int MAX_HASHES = 2;

    public ApiKey {
        roles = Set.copyOf(roles);
        hashes = List.copyOf(hashes);
        origins = Set.copyOf(origins);
    }

    /** Whether a digest is that of a valid key; compares in constant time. */
    boolean matches(byte[] digest) {
        boolean found = false;
        for (String hash : hashes) {
            found |= MessageDigest.isEqual(HexFormat.of().parseHex(hash), digest);
        }
        return found;
    }

    /** Whether the key is no longer valid. */
    public boolean hasExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** A copy with other hashes. */
    ApiKey with(List<String> otherHashes) {
        return new ApiKey(id, subject, roles, otherHashes, origins, expiresAt);
    }
}
