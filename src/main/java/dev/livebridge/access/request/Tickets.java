package dev.livebridge.access.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.TicketSealer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tickets: each starts one conversation of one caller, from one origin, within its lifetime. An instance remembers the
 * tickets that it has redeemed until they expire; it does not know the tickets that other instances have redeemed.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
class Tickets {

    /** Upper bound of the remembered tickets; above it tickets are refused until some expire. */
    static final int MAX_USED = 200_000;

    private final TicketSealer sealer;
    private final Duration lifetime;
    private final InstantSource clock;
    /** Expiry of the redeemed tickets by id, in the order of redemption. */
    private final Map<String, Instant> used = new LinkedHashMap<>();

    @Inject
    Tickets(TicketSealer sealer, AccessSettings settings) {
        this(sealer, settings.access().ticketLifetime(), InstantSource.system());
    }

    Tickets(TicketSealer sealer, Duration lifetime, InstantSource clock) {
        this.sealer = sealer;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** The lifetime of a ticket. */
    Duration lifetime() {
        return lifetime;
    }

    /**
     * Issues a ticket.
     *
     * @param caller of the conversation; the ticket's caller has the same subject, roles and expiry
     * @param origin of the page that may use the ticket, {@code none} for a program
     */
    String issue(Caller caller, String origin) {
        JsonText content = JsonText.object()
                .put("id", UUID.randomUUID().toString())
                .put("sub", caller.subject())
                .put("roles", new TreeSet<>(caller.roles()))
                .put("key", caller.credentialId())
                .put("origin", origin)
                .put("until", clock.instant().plus(lifetime).toEpochMilli());
        if (caller.expiresAt() != null) {
            content.put("end", caller.expiresAt().toEpochMilli());
        }
        return sealer.seal(content.end().getBytes(UTF_8));
    }

    /**
     * Redeems a ticket. After success the ticket is invalid.
     *
     * @param sealed from the client, unchecked
     * @param origin of the page that sends the ticket, {@code none} for a program
     */
    AccessDecision redeem(String sealed, String origin) {
        JsonNode content;
        try {
            content = StrictJson.read(new String(sealer.open(sealed), UTF_8));
        } catch (ResumeRefusedException | MalformedJsonException _) {
            // Not sealed as a ticket with a key of this service.
            return new AccessDecision.Refused(AccessRefusal.INVALID);
        }
        Instant until = Instant.ofEpochMilli(content.path("until").asLong());
        Instant end = end(content);
        if (!clock.instant().isBefore(until) || (end != null && !clock.instant().isBefore(end))) {
            return new AccessDecision.Refused(AccessRefusal.EXPIRED);
        }
        if (!content.path("origin").asText().equals(origin)) {
            return new AccessDecision.Refused(AccessRefusal.FORBIDDEN);
        }
        return switch (use(content.path("id").asText(), until)) {
            case FIRST -> new AccessDecision.Admitted(caller(content, end));
            case REPEATED -> new AccessDecision.Refused(AccessRefusal.INVALID);
            case FULL -> new AccessDecision.Refused(AccessRefusal.UNAVAILABLE);
        };
    }

    private enum Use {
        FIRST,
        REPEATED,
        FULL
    }

    private synchronized Use use(String id, Instant until) {
        Instant now = clock.instant();
        Iterator<Instant> oldest = used.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next())) {
            oldest.remove();
        }
        if (used.containsKey(id)) {
            return Use.REPEATED;
        }
        if (used.size() >= MAX_USED) {
            return Use.FULL;
        }
        // At least as late as the entries before it, so that the entries that expire first are first.
        used.put(id, until.isAfter(now.plus(lifetime)) ? until : now.plus(lifetime));
        return Use.FIRST;
    }

    private static Caller caller(JsonNode content, @Nullable Instant end) {
        Set<String> roles = new HashSet<>();
        content.path("roles").forEach(role -> roles.add(role.asText()));
        return new Caller(
                content.path("sub").asText(),
                CallerKind.TICKET,
                roles,
                content.path("key").asText(),
                end,
                Caller.DEFAULT_RULE);
    }

    private static @Nullable Instant end(JsonNode content) {
        JsonNode end = content.path("end");
        return end.isMissingNode() ? null : Instant.ofEpochMilli(end.asLong());
    }
}
