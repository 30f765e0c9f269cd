package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.resumption.AuthTokenSealer;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.resumption.ResumptionKeys;
import dev.livebridge.resumption.TicketSealer;
import io.quarkus.runtime.LaunchMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EphemeralTokensTest {

    private static final Instant START = Instant.parse("2026-11-28T06:00:00Z");
    private static final Instant END = START.plus(Duration.ofMinutes(30));
    private static final ResumptionKeys KEYS = new ResumptionKeys(List.of(), LaunchMode.TEST);
    private static final String SETUP = "{\"model\":\"models/gemini-3.8-live\"}";

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final EphemeralTokens tokens = at(KEYS);

    private EphemeralTokens at(ResumptionKeys keys) {
        return new EphemeralTokens(new AuthTokenSealer(keys), "server"::equals, "mint", now::get);
    }

    private static Caller issuer(CallerKind kind, String key) {
        return new Caller("key:shop", kind, Set.of("talk", "mint"), key, null, "gold", Map.of("name", "Ada"));
    }

    private static TokenGrant grant(@Nullable String setup, List<String> mask) {
        return new TokenGrant("id-1", "instance-1", 3, START.plusSeconds(60), setup, mask);
    }

    private String issue(TokenGrant grant) {
        String name = tokens.issue(issuer(CallerKind.KEY, "server"), END, grant).orElseThrow();
        assertTrue(name.startsWith("auth_tokens/"), name);
        return name.substring("auth_tokens/".length());
    }

    private static void assertRefused(AccessRefusal refusal, Optional<AccessDecision> decision) {
        assertEquals(
                refusal, assertInstanceOf(Refused.class, decision.orElseThrow()).refusal());
    }

    @Test
    void aTokenIsItsIssuerWithoutTheRoleToIssue() {
        String token = issue(grant(SETUP, List.of("model", "generationConfig.topP")));
        now.set(END.minusMillis(1));

        Caller caller = assertInstanceOf(Admitted.class, tokens.open(token).orElseThrow())
                .caller();

        assertEquals(
                new Caller("key:shop", CallerKind.KEY, Set.of("talk"), "server", END, "gold", Map.of("name", "Ada"))
                        .with(grant(SETUP, List.of("model", "generationConfig.topP"))),
                caller);
        assertFalse(tokens.mayIssue(caller));
    }

    @Test
    void aTokenThatLocksNothingHasNoSetup() {
        Caller caller = assertInstanceOf(
                        Admitted.class,
                        tokens.open(issue(grant(null, List.of()))).orElseThrow())
                .caller();

        assertEquals(grant(null, List.of()), caller.token());
    }

    @Test
    void atItsEndATokenIsExpired() {
        String token = issue(grant(SETUP, List.of()));
        now.set(END);

        assertRefused(AccessRefusal.EXPIRED, tokens.open(token));
    }

    @Test
    void aTokenFromTheFutureIsInvalid() {
        String token = issue(grant(SETUP, List.of()));

        now.set(START.minusSeconds(60));
        assertInstanceOf(Admitted.class, tokens.open(token).orElseThrow());
        now.set(START.minusSeconds(61));
        assertRefused(AccessRefusal.INVALID, tokens.open(token));
    }

    @Test
    void aTokenOfARevokedKeyIsInvalid() {
        EphemeralTokens later = new EphemeralTokens(new AuthTokenSealer(KEYS), "another"::equals, "mint", now::get);

        assertRefused(AccessRefusal.INVALID, later.open(issue(grant(SETUP, List.of()))));
    }

    @Test
    void aTokenWithAnyByteChangedIsRefused() {
        byte[] token = Base64.getUrlDecoder().decode(issue(grant(SETUP, List.of())));
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] = (byte) (changed[i] ^ 1 << (i % 8));

            Optional<AccessDecision> decision =
                    tokens.open(Base64.getUrlEncoder().withoutPadding().encodeToString(changed));

            // Empty: taken for a ticket, which it is not either.
            decision.ifPresent(refused -> assertRefused(AccessRefusal.INVALID, Optional.of(refused)));
        }
    }

    @Test
    void aTokenOfAnotherServiceIsInvalid() {
        EphemeralTokens other = at(new ResumptionKeys(List.of(), LaunchMode.TEST));

        assertRefused(AccessRefusal.INVALID, other.open(issue(grant(SETUP, List.of()))));
    }

    @Test
    void whatIsSealedForAnotherPurposeIsNoToken() {
        String ticket = new TicketSealer(KEYS).seal(new byte[40]);
        String handle = new HandleSealer(KEYS).seal(new HandleSealer.Handle("h", "m"));

        for (String other : List.of(ticket, handle, "", "x", "BA", "ä", "=", "A".repeat(10_000))) {
            assertEquals(Optional.empty(), tokens.open(other), other);
        }
    }

    @Test
    void aTokenIsNoTicket() {
        String token = issue(grant(SETUP, List.of()));

        assertThrows(ResumeRefusedException.class, () -> new TicketSealer(KEYS).open(token));
    }

    @Test
    void aSetupThatMakesTheTokenTooLongIsRefused() {
        byte[] noise = new byte[6_000];
        new Random(1).nextBytes(noise);
        String incompressible = Base64.getEncoder().encodeToString(noise);
        Caller issuer = issuer(CallerKind.KEY, "server");

        assertEquals(
                Optional.empty(),
                tokens.issue(issuer, END, grant("{\"model\":\"" + incompressible + "\"}", List.of())));
        assertEquals(
                Optional.empty(),
                tokens.issue(issuer, END, grant("{\"model\":\"" + "a".repeat(50_000) + "\"}", List.of())));
        String largest = tokens.issue(
                        issuer, END, grant("{\"model\":\"" + incompressible.substring(0, 4_000) + "\"}", List.of()))
                .orElseThrow();
        assertTrue(largest.length() <= 6_144 + "auth_tokens/".length(), () -> "" + largest.length());
    }

    @ParameterizedTest
    @EnumSource(CallerKind.class)
    void keysAndUsersWithTheRoleMayIssue(CallerKind kind) {
        boolean expected = switch (kind) {
            case KEY, BEARER, PERSON -> true;
            case TICKET, ANONYMOUS, OPEN -> false;
        };

        assertEquals(expected, tokens.mayIssue(issuer(kind, "")));
        assertFalse(tokens.mayIssue(new Caller("key:shop", kind, Set.of("talk"), "", null, "gold")));
    }

    @Test
    void aGrantSaysNothingOfItsSetup() {
        assertFalse(grant("{\"systemInstruction\":\"secret\"}", List.of())
                .toString()
                .contains("secret"));
    }
}
