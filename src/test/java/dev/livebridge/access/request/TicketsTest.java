package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.RedeemedTickets;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumptionKeys;
import dev.livebridge.resumption.TicketSealer;
import io.quarkus.runtime.LaunchMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TicketsTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final String PAGE = "https://talk.example.com:443";
    private static final ResumptionKeys KEYS = new ResumptionKeys(List.of(), LaunchMode.TEST);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Tickets tickets = at(KEYS);

    private Tickets at(ResumptionKeys keys) {
        return at(keys, new Marks());
    }

    private Tickets at(ResumptionKeys keys, RedeemedTickets redeemed) {
        return new Tickets(new TicketSealer(keys), Duration.ofSeconds(30), now::get, redeemed);
    }

    /** A store without expiry that records how long each mark is kept. */
    private static final class Marks implements RedeemedTickets {
        private final Map<String, Duration> kept = new ConcurrentHashMap<>();

        @Override
        public CompletionStage<Boolean> redeem(String id, Duration time) {
            return CompletableFuture.completedStage(kept.putIfAbsent(id, time) == null);
        }
    }

    private AccessDecision redeem(Tickets at, String ticket, String origin) {
        return at.redeem(ticket, origin).await().atMost(Duration.ofSeconds(20));
    }

    private static Caller caller(Instant end) {
        return new Caller("oidc:alice", CallerKind.PERSON, Set.of("talk"), "", end, "some");
    }

    private void assertRefused(AccessRefusal refusal, AccessDecision decision) {
        assertEquals(refusal, assertInstanceOf(Refused.class, decision).refusal());
    }

    @Test
    void aTicketAdmitsItsCallerOnceWithinItsLifetime() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);
        now.set(START.plusSeconds(29));

        Caller caller =
                assertInstanceOf(Admitted.class, redeem(tickets, ticket, PAGE)).caller();

        assertEquals(
                new Caller(
                        "oidc:alice",
                        CallerKind.TICKET,
                        Set.of("talk"),
                        "",
                        START.plusSeconds(300),
                        Caller.DEFAULT_RULE),
                caller);
        assertRefused(AccessRefusal.INVALID, redeem(tickets, ticket, PAGE));
        now.set(START.plusSeconds(30));
        assertRefused(AccessRefusal.EXPIRED, redeem(tickets, ticket, PAGE));
    }

    @Test
    void aTicketOfAnotherPageStaysValid() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertRefused(AccessRefusal.FORBIDDEN, redeem(tickets, ticket, "https://evil.example:443"));
        assertRefused(AccessRefusal.FORBIDDEN, redeem(tickets, ticket, "none"));

        assertInstanceOf(Admitted.class, redeem(tickets, ticket, PAGE));
    }

    @Test
    void aTicketExpiresWithTheCredentialThatItWasIssuedFor() {
        String ticket = tickets.issue(caller(START.plusSeconds(5)), PAGE);
        now.set(START.plusSeconds(5));

        assertRefused(AccessRefusal.EXPIRED, redeem(tickets, ticket, PAGE));
    }

    @Test
    void instancesWithASharedStoreAcceptATicketOnce() {
        Marks shared = new Marks();
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertInstanceOf(Admitted.class, redeem(at(KEYS, shared), ticket, PAGE));
        assertRefused(AccessRefusal.INVALID, redeem(at(KEYS, shared), ticket, PAGE));
    }

    @Test
    void theMarkOutlivesTheTicketAtAnInstanceWithASlowClock() {
        Marks marks = new Marks();
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);
        now.set(START.plusSeconds(20));

        redeem(at(KEYS, marks), ticket, PAGE);

        assertEquals(List.of(Duration.ofSeconds(70)), List.copyOf(marks.kept.values()));
    }

    @Test
    void aRefusedTicketIsNotMarked() {
        Marks marks = new Marks();
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertRefused(AccessRefusal.FORBIDDEN, redeem(at(KEYS, marks), ticket, "none"));

        assertEquals(Map.of(), marks.kept);
    }

    @Test
    void withoutAnAnswerOfTheStoreATicketIsRefusedAsUnavailable() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertRefused(
                AccessRefusal.UNAVAILABLE,
                redeem(
                        at(KEYS, (_, _) -> CompletableFuture.failedStage(new IllegalStateException("away"))),
                        ticket,
                        PAGE));
    }

    @Test
    void anotherInstanceWithTheSameKeysAndItsOwnStoreAcceptsIt() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertInstanceOf(Admitted.class, redeem(at(KEYS), ticket, PAGE));
    }

    @Test
    void aTextThatIsNoTicketIsRefused() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);
        String handle = new HandleSealer(KEYS).seal(new HandleSealer.Handle("handle", "gemini-3.8-live"));
        String foreign = at(new ResumptionKeys(List.of(), LaunchMode.TEST)).issue(caller(START.plusSeconds(300)), PAGE);
        char last = ticket.charAt(ticket.length() - 5);

        for (String wrong : List.of(
                "",
                "A",
                ticket + "A",
                ticket.substring(1),
                ticket.substring(0, ticket.length() - 5)
                        + (last == 'A' ? 'B' : 'A')
                        + ticket.substring(ticket.length() - 4),
                "x".repeat(100_000),
                handle,
                foreign)) {
            assertRefused(AccessRefusal.INVALID, redeem(tickets, wrong, PAGE));
        }
        assertInstanceOf(Admitted.class, redeem(tickets, ticket, PAGE));
    }
}
