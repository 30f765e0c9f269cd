package dev.livebridge.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of an ephemeral token (gemini-live-api.md section 2.3): how many conversations it begins, until when,
 * and with which setup.
 *
 * @param id unique; uses are counted under it
 * @param issuer the instance that issued the token; the id changes with each start of the process
 * @param uses conversations that the token may begin; 0 is no limit
 * @param startsUntil time from which the token begins no conversation
 * @param setup the locked setup, JSON in canonical spelling; {@code null} when nothing is locked
 * @param mask paths of the locked members, in canonical spelling; empty when the whole setup is locked
 */
public record TokenGrant(
        String id,
        String issuer,
        int uses,
        Instant startsUntil,
        @Nullable String setup,
        List<String> mask) {

    public TokenGrant {
        mask = List.copyOf(mask);
    }

    /** Omits the setup, which may hold an instruction of the operator. */
    @Override
    public String toString() {
        return "TokenGrant[" + id + "]";
    }
}
