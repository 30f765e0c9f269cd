package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.limits.LimitStore.AcquireReason;
import dev.livebridge.limits.LimitStore.ReleaseReason;
import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LocalLimitStoreTest extends LimitStoreContract {

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-11-27T23:59:30Z"));
    private final LocalLimitStore store = new LocalLimitStore(clock::get);

    @Override
    LimitStore store() {
        return store;
    }

    private void passes(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    @Test
    void theDayBeginsAnewAtMidnightUtc() {
        List<Bucket> day = List.of(bucket(LimitScope.SUBJECT, new Limits(null, null, new UsageLimit(null, 10L, null))));
        granted(store.acquire(lease("first"), AcquireReason.START, day));
        now(store.report(lease("first"), day, new UsageTotals(0, 10, 0)));

        assertEquals(
                Duration.ofSeconds(30),
                denial(store.acquire(lease("second"), AcquireReason.START, day)).retryAfter());
        passes(Duration.ofSeconds(30));

        granted(store.acquire(lease("second"), AcquireReason.START, day));
        assertEquals(
                List.of(new UsageTotals(0, 3, 0)), now(store.report(lease("first"), day, new UsageTotals(0, 3, 0))));
    }

    @Test
    void aStartIsForgottenAfterAMinute() {
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, new Limits(null, 1, UsageLimit.NONE)));
        granted(store.acquire(lease("first"), AcquireReason.START, one));
        passes(Duration.ofMillis(59_999));

        assertEquals(
                Duration.ofMillis(1),
                denial(store.acquire(lease("second"), AcquireReason.START, one)).retryAfter());
        passes(Duration.ofMillis(1));

        granted(store.acquire(lease("second"), AcquireReason.START, one));
    }

    @Test
    void bucketsWithoutConversationsMakeRoomForNewOnes() {
        Limits day = new Limits(null, null, new UsageLimit(null, 10L, null));
        List<Bucket> talking = List.of(new Bucket(LimitScope.ADDRESS, "talking", day));
        granted(store.acquire(lease("talks"), AcquireReason.START, talking));
        for (int i = 0; i < LocalLimitStore.MAX_BUCKETS + 10; i++) {
            List<Bucket> passing = List.of(new Bucket(LimitScope.ADDRESS, "address-" + i, day));
            granted(store.acquire(lease("c" + i), AcquireReason.START, passing));
            now(store.release(lease("c" + i), ReleaseReason.ENDED, passing, new UsageTotals(1, 1, 1)));
        }

        assertTrue(store.size() <= LocalLimitStore.MAX_BUCKETS, "buckets: " + store.size());
        assertEquals(1, now(store.usage(talking)).getFirst().conversations());
    }
}
