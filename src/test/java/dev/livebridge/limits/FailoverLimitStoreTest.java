package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.limits.LimitStore.AcquireReason;
import dev.livebridge.limits.LimitStore.ReleaseReason;
import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the limits mean while the shared store does not answer. */
class FailoverLimitStoreTest {

    private final Switched shared = new Switched();
    private final LocalLimitStore local = new LocalLimitStore(InstantSource.system());
    private final AtomicInteger failures = new AtomicInteger();
    private final List<Bucket> two =
            List.of(LimitStoreContract.bucket(LimitScope.SUBJECT, LimitStoreContract.conversations(2)));

    /** A store that can be switched off. */
    private static final class Switched implements LimitStore {
        private final LocalLimitStore behind = new LocalLimitStore(InstantSource.system());
        private boolean off;

        private <T> CompletionStage<T> answer(Supplier<CompletionStage<T>> question) {
            return off
                    ? CompletableFuture.failedStage(new StoreUnavailableException(new IllegalStateException("off")))
                    : question.get();
        }

        @Override
        public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
            return answer(() -> behind.acquire(lease, reason, buckets));
        }

        @Override
        public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
            return answer(() -> behind.report(lease, buckets, more));
        }

        @Override
        public CompletionStage<Void> release(
                Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
            return answer(() -> behind.release(lease, reason, buckets, more));
        }

        @Override
        public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
            return answer(() -> behind.usage(buckets));
        }

        @Override
        public CompletionStage<Boolean> redeem(String id, Duration kept) {
            return answer(() -> behind.redeem(id, kept));
        }

        @Override
        public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
            return answer(() -> behind.use(token, uses, kept));
        }
    }

    @Test
    void aTicketIsRefusedWithoutAnAnswerUnlessTheInstanceMayDecide() {
        shared.off = true;

        assertThrows(
                CompletionException.class,
                () -> LimitStoreContract.now(store(false).redeem("ticket", Duration.ofSeconds(30))));
        assertTrue(LimitStoreContract.now(store(true).redeem("ticket", Duration.ofSeconds(30))));
        assertEquals(2, failures.get());
    }

    @Test
    void theInstanceKnowsItsTicketsBeforeDuringAndAfterAFailure() {
        FailoverLimitStore store = store(true);
        Duration kept = Duration.ofSeconds(30);
        assertTrue(LimitStoreContract.now(store.redeem("before", kept)));
        shared.off = true;
        assertFalse(LimitStoreContract.now(store.redeem("before", kept)));
        assertTrue(LimitStoreContract.now(store.redeem("during", kept)));
        shared.off = false;

        assertFalse(LimitStoreContract.now(store.redeem("during", kept)));
    }

    @Test
    void aTicketOfAnotherInstanceIsKnown() {
        LimitStoreContract.now(shared.redeem("ticket", Duration.ofSeconds(30)));

        assertFalse(LimitStoreContract.now(store(true).redeem("ticket", Duration.ofSeconds(30))));
        assertFalse(LimitStoreContract.now(store(false).redeem("ticket", Duration.ofSeconds(30))));
    }

    private FailoverLimitStore store(boolean localFallback) {
        return new FailoverLimitStore(shared, local, localFallback, failures::incrementAndGet);
    }

    @Test
    void withoutAnAnswerNothingIsDecidedUnlessTheInstanceMay() {
        FailoverLimitStore store = store(false);
        assertTrue(store.available());
        shared.off = true;

        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> LimitStoreContract.now(store.acquire(LimitStoreContract.lease("a"), AcquireReason.START, two)));

        assertInstanceOf(StoreUnavailableException.class, failure.getCause());
        assertFalse(store.available());
        assertEquals(1, failures.get());
    }

    @Test
    void theInstanceDecidesByWhatItHolds() {
        FailoverLimitStore store = store(true);
        LimitStoreContract.granted(store.acquire(LimitStoreContract.lease("before"), AcquireReason.START, two));
        shared.off = true;

        LimitStoreContract.granted(store.acquire(LimitStoreContract.lease("second"), AcquireReason.START, two));

        assertEquals(
                LimitKind.CONVERSATIONS,
                LimitStoreContract.denial(store.acquire(LimitStoreContract.lease("third"), AcquireReason.START, two))
                        .kind(),
                "the conversation from before counts, too");
        assertThrows(
                CompletionException.class,
                () -> LimitStoreContract.now(
                        store.release(LimitStoreContract.lease("before"), ReleaseReason.ENDED, two, UsageTotals.NONE)));
        LimitStoreContract.granted(store.acquire(LimitStoreContract.lease("third"), AcquireReason.START, two));
    }

    @Test
    void usesOfATokenAreCountedOnByTheInstance() {
        FailoverLimitStore store = store(true);
        assertTrue(LimitStoreContract.now(store.use("token", 2, Duration.ofMinutes(1))));
        shared.off = true;

        assertTrue(LimitStoreContract.now(store.use("token", 2, Duration.ofMinutes(1))));
        assertFalse(LimitStoreContract.now(store.use("token", 2, Duration.ofMinutes(1))));
        CompletionStage<Boolean> undecided = store(false).use("token", 2, Duration.ofMinutes(1));
        CompletionException failure = assertThrows(CompletionException.class, () -> LimitStoreContract.now(undecided));
        assertInstanceOf(StoreUnavailableException.class, failure.getCause());
    }

    @Test
    void anAnswerShowsThatTheStoreIsBack() {
        FailoverLimitStore store = store(true);
        shared.off = true;
        LimitStoreContract.granted(store.acquire(LimitStoreContract.lease("alone"), AcquireReason.START, two));
        shared.off = false;

        LimitStoreContract.now(store.report(LimitStoreContract.lease("alone"), two, new UsageTotals(1, 2, 3)));

        assertTrue(store.available());
        assertEquals(
                List.of(new BucketUsage(1, 0, new UsageTotals(1, 2, 3))), LimitStoreContract.now(store.usage(two)));
    }

    @Test
    void theLocalCountsFollowTheHolderThatTheSharedStoreGranted() {
        FailoverLimitStore store = store(true);
        Lease earlier = new Lease("returns", "earlier");
        LimitStoreContract.granted(store.acquire(earlier, AcquireReason.START, two));
        LimitStoreContract.granted(store.acquire(new Lease("returns", "next"), AcquireReason.RESUME, two));

        LimitStoreContract.now(store.release(earlier, ReleaseReason.MOVED, two, UsageTotals.NONE));
        shared.off = true;

        assertEquals(1, LimitStoreContract.now(store.usage(two)).getFirst().conversations());
    }
}
