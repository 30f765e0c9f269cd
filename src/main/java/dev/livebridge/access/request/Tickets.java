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
 * Tickets: each begins one conversation of one caller, from one page, within seconds. An instance remembers those that
 * were used at it until they expire; another instance with the same keys does not know of them.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
class Tickets {

    /** Tickets that are remembered as used; beyond it none is accepted until some have expired. */
    static final int MOST_USED = 200_000;

    private final TicketSealer sealer;
    private final Duration lifetime;
    private final InstantSource clock;
    /** Ends of used tickets by their id, in the order of their use. */
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

    /** How long a ticket is good. */
    Duration lifetime() {
        return lifetime;
    }

    /**
     * A new ticket.
     *
     * @param caller who may use it; its end becomes the end of the ticket's caller
     * @param origin of the page that may use it, {@code none} for a program
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
     * Uses a ticket up.
     *
     * @param sealed anything at all
     * @param origin of the page that brings it, {@code none} for a program
     */
    AccessDecision redeem(String sealed, String origin) {
        JsonNode content;
        try {
            content = StrictJson.read(new String(sealer.open(sealed), UTF_8));
        } catch (ResumeRefusedException | MalformedJsonException notOurs) {
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
            case AGAIN -> new AccessDecision.Refused(AccessRefusal.INVALID);
            case UNKNOWN -> new AccessDecision.Refused(AccessRefusal.UNAVAILABLE);
        };
    }

    private enum Use {
        FIRST,
        AGAIN,
        UNKNOWN
    }

    private synchronized Use use(String id, Instant until) {
        Instant now = clock.instant();
        Iterator<Instant> oldest = used.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next())) {
            oldest.remove();
        }
        if (used.containsKey(id)) {
            return Use.AGAIN;
        }
        if (used.size() >= MOST_USED) {
            return Use.UNKNOWN;
        }
        // Never sooner than those before it, so that the oldest are always first.
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
