package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RedeemedIdsTest {

    private static final Duration KEPT = Duration.ofSeconds(90);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T00:00:00Z"));
    private final RedeemedIds ids = new RedeemedIds(now::get);

    private boolean redeem(String id) {
        return LimitStoreContract.now(ids.redeem(id, KEPT));
    }

    @Test
    void anIdIsRedeemedOnceUntilItsMarkExpires() {
        assertEquals(true, redeem("a"));
        assertEquals(false, redeem("a"));
        now.set(now.get().plus(KEPT).minusMillis(1));
        assertEquals(false, redeem("a"));
        now.set(now.get().plusMillis(1));
        assertEquals(true, redeem("a"));
    }

    @Test
    void aFullSetRefusesUntilMarksExpire() {
        for (int i = 0; i < RedeemedIds.MAX_IDS; i++) {
            ids.redeem("id-" + i, KEPT);
        }

        CompletionException e = assertThrows(CompletionException.class, () -> redeem("more"));
        assertInstanceOf(StoreUnavailableException.class, e.getCause());
        assertEquals(false, redeem("id-7"), "known ids are still known");
        now.set(now.get().plus(KEPT));
        assertEquals(true, redeem("more"));
    }
}
