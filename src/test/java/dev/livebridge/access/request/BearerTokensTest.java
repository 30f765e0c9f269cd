package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

/** An identity provider that does not answer, and sessions without an identity. */
class BearerTokensTest {

    private final BearerTokens tokens =
            new BearerTokens(true, _ -> Uni.createFrom().nothing(), InstantSource.system(), Duration.ofMillis(20));

    private static AccessRefusal refusal(Uni<AccessDecision> decision) {
        return assertInstanceOf(Refused.class, decision.await().atMost(Duration.ofSeconds(20)))
                .refusal();
    }

    @Test
    void aTokenIsRefusedAfterTheTimeLimit() {
        assertEquals(AccessRefusal.UNAVAILABLE, refusal(tokens.verify("a.b.c")));
    }

    @Test
    void aLoginSessionIsRefusedAfterTheTimeLimit() {
        assertEquals(
                AccessRefusal.UNAVAILABLE,
                refusal(tokens.person(Uni.createFrom().nothing())));
    }

    @Test
    void aSessionWithoutAnIdentityHasExpired() {
        assertEquals(
                AccessRefusal.EXPIRED, refusal(tokens.person(Uni.createFrom().nullItem())));
        assertEquals(
                AccessRefusal.EXPIRED,
                refusal(tokens.person(Uni.createFrom()
                        .item(QuarkusSecurityIdentity.builder()
                                .setAnonymous(true)
                                .build()))));
    }

    /** A token with these claims. */
    private record Token(Map<String, Object> claims) implements JsonWebToken {
        @Override
        public String getName() {
            return "ada";
        }

        @Override
        public Set<String> getClaimNames() {
            return claims.keySet();
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // as the interface declares it
        public <T> T getClaim(String name) {
            return (T) claims.get(name);
        }
    }

    @Test
    void anAgentGetsTheClaimsAboutTheUserAndNoMembersOfTheProtocol() {
        Map<String, Object> claims = new HashMap<>(Map.of(
                "name",
                "Ada",
                "age",
                36,
                "vip",
                true,
                "city",
                Json.createValue("London"),
                "score",
                Json.createValue(7),
                "flag",
                JsonValue.FALSE,
                "groups",
                List.of("a"),
                "long",
                "x".repeat(257),
                "raw_token",
                "eyJ",
                "jti",
                "1"));
        claims.put("nonce", "2");

        assertEquals(
                Map.of("name", "Ada", "age", "36", "vip", "true", "city", "London", "score", "7", "flag", "false"),
                BearerTokens.claims(new Token(claims)));
    }

    @Test
    void claimsAreBoundedInNumber() {
        Map<String, Object> claims = new HashMap<>();
        IntStream.range(0, 100).forEach(i -> claims.put("claim" + i, "x"));

        assertEquals(32, BearerTokens.claims(new Token(claims)).size());
    }
}
