package dev.livebridge.access.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.RedeemedTickets;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.TicketSealer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tickets: each starts one conversation of one caller, from one origin, within its lifetime. {@link RedeemedTickets}
 * remembers the redeemed tickets: of this instance, or of all instances with a shared limit store.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
class Tickets {

    /** The mark of a redeemed ticket is kept this much longer than the ticket, because instances' clocks differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final TicketSealer sealer;
    private final Duration lifetime;
    private final InstantSource clock;
    private final RedeemedTickets redeemed;

    @Inject
    Tickets(TicketSealer sealer, AccessSettings settings, RedeemedTickets redeemed) {
        this(sealer, settings.access().ticketLifetime(), InstantSource.system(), redeemed);
    }

    Tickets(TicketSealer sealer, Duration lifetime, InstantSource clock, RedeemedTickets redeemed) {
        this.sealer = sealer;
        this.lifetime = lifetime;
        this.clock = clock;
        this.redeemed = redeemed;
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
     * @return {@code UNAVAILABLE} if the store of the redeemed tickets does not answer
     */
    Uni<AccessDecision> redeem(String sealed, String origin) {
        JsonNode content;
        try {
            content = StrictJson.read(new String(sealer.open(sealed), UTF_8));
        } catch (ResumeRefusedException | MalformedJsonException _) {
            // Not sealed as a ticket with a key of this service.
            return refuse(AccessRefusal.INVALID);
        }
        Instant now = clock.instant();
        Instant until = Instant.ofEpochMilli(content.path("until").asLong());
        Instant end = end(content);
        if (!now.isBefore(until) || (end != null && !now.isBefore(end))) {
            return refuse(AccessRefusal.EXPIRED);
        }
        if (!content.path("origin").asText().equals(origin)) {
            return refuse(AccessRefusal.FORBIDDEN);
        }
        Duration kept = Duration.between(now, until).plus(CLOCK_TOLERANCE);
        return Uni.createFrom()
                .completionStage(() -> redeemed.redeem(content.path("id").asText(), kept))
                .<AccessDecision>map(first -> first
                        ? new AccessDecision.Admitted(caller(content, end))
                        : new AccessDecision.Refused(AccessRefusal.INVALID))
                .onFailure()
                // The store logs the failure.
                .recoverWithItem(() -> new AccessDecision.Refused(AccessRefusal.UNAVAILABLE));
    }

    private static Uni<AccessDecision> refuse(AccessRefusal refusal) {
        return Uni.createFrom().item(new AccessDecision.Refused(refusal));
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
