package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
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
}
