package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumptionKeys;
import dev.livebridge.resumption.TicketSealer;
import io.quarkus.runtime.LaunchMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TicketsTest {

    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final String PAGE = "https://talk.example.com:443";
    private static final ResumptionKeys KEYS = new ResumptionKeys(List.of(), LaunchMode.TEST);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final Tickets tickets = at(KEYS);

    private Tickets at(ResumptionKeys keys) {
        return new Tickets(new TicketSealer(keys), Duration.ofSeconds(30), now::get);
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
                assertInstanceOf(Admitted.class, tickets.redeem(ticket, PAGE)).caller();

        assertEquals(
                new Caller(
                        "oidc:alice",
                        CallerKind.TICKET,
                        Set.of("talk"),
                        "",
                        START.plusSeconds(300),
                        Caller.DEFAULT_RULE),
                caller);
        assertRefused(AccessRefusal.INVALID, tickets.redeem(ticket, PAGE));
        now.set(START.plusSeconds(30));
        assertRefused(AccessRefusal.EXPIRED, tickets.redeem(ticket, PAGE));
    }

    @Test
    void aTicketOfAnotherPageStaysValid() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertRefused(AccessRefusal.FORBIDDEN, tickets.redeem(ticket, "https://evil.example:443"));
        assertRefused(AccessRefusal.FORBIDDEN, tickets.redeem(ticket, "none"));

        assertInstanceOf(Admitted.class, tickets.redeem(ticket, PAGE));
    }

    @Test
    void aTicketExpiresWithTheCredentialThatItWasIssuedFor() {
        String ticket = tickets.issue(caller(START.plusSeconds(5)), PAGE);
        now.set(START.plusSeconds(5));

        assertRefused(AccessRefusal.EXPIRED, tickets.redeem(ticket, PAGE));
    }

    @Test
    void anotherInstanceWithTheSameKeysAcceptsIt() {
        String ticket = tickets.issue(caller(START.plusSeconds(300)), PAGE);

        assertInstanceOf(Admitted.class, at(KEYS).redeem(ticket, PAGE));
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
            assertRefused(AccessRefusal.INVALID, tickets.redeem(wrong, PAGE));
        }
        assertInstanceOf(Admitted.class, tickets.redeem(ticket, PAGE));
    }
}
