package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.livebridge.access.TokenGrant;
import dev.livebridge.config.TokensConfig.UnknownTokens;
import dev.livebridge.limits.TokenUses.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenUsesTest {

    private static final Instant START = Instant.parse("2026-11-28T06:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final TokenUses uses = instance(UnknownTokens.REFUSE);

    private TokenUses instance(UnknownTokens onUnknown) {
        return new TokenUses(new LocalLimitStore(now::get), false, onUnknown, now::get);
    }

    private static TokenGrant grant(String issuer, int uses) {
        return new TokenGrant(UUID.randomUUID().toString(), issuer, uses, START.plusSeconds(60), null, List.of());
    }

    /** How many of 50 starts at once are granted, in turn at each of some instances. */
    static long granted(List<TokenUses> instances, TokenGrant grant) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Answer>> asked = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> instances.get(i % instances.size()).use(grant), threads))
                    .toList();
            return asked.stream()
                    .map(CompletableFuture::join)
                    .filter(answer -> answer == Answer.GRANTED)
                    .count();
        }
    }

    @Test
    void ofFiftyAtOnceExactlyAsManyBeginAsThereAreUses() {
        TokenGrant three = grant(uses.instance(), 3);

        assertEquals(3, granted(List.of(uses), three));
        assertEquals(Answer.USED_UP, uses.use(three));
    }

    @Test
    void noUsesAreNoLimit() {
        assertEquals(50, granted(List.of(uses), grant("another", 0)));
    }

    @Test
    void aTokenBeginsNothingOnceItsTimeToBeginIsOver() {
        TokenGrant token = grant(uses.instance(), 2);
        assertEquals(Answer.GRANTED, uses.use(token));

        now.set(START.plusSeconds(60));

        assertEquals(Answer.TOO_LATE, uses.use(token));
        assertEquals(Answer.TOO_LATE, uses.use(grant(uses.instance(), 0)));
    }

    @Test
    void theTokenOfAnotherInstanceIsRefusedUnlessTheOperatorAllowsIt() {
        TokenUses allowing = instance(UnknownTokens.ALLOW);
        TokenGrant foreign = grant(uses.instance(), 1);
        assertNotEquals(uses.instance(), allowing.instance());

        assertEquals(Answer.UNKNOWN, uses.use(grant(allowing.instance(), 1)));
        assertEquals(Answer.GRANTED, allowing.use(foreign));
        assertEquals(Answer.USED_UP, allowing.use(foreign), "each instance counts");
        assertEquals(Answer.GRANTED, uses.use(foreign), "each instance counts");
    }

    @Test
    void aStoreThatFailsGrantsNothing() {
        LocalLimitStore full = new LocalLimitStore(now::get);
        for (int i = 0; i < LocalLimitStore.MAX_TOKENS; i++) {
            var _ = full.use("token-" + i, 1, Duration.ofSeconds(30));
        }
        TokenUses crowded = new TokenUses(full, false, UnknownTokens.REFUSE, now::get);
        TokenGrant token = grant(crowded.instance(), 1);

        assertEquals(Answer.UNAVAILABLE, crowded.use(token));
        now.set(START.plusSeconds(30));
        assertEquals(Answer.GRANTED, crowded.use(token), "expired tokens make room");
    }
}
