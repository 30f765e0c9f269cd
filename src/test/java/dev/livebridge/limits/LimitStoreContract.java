package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.limits.LimitStore.AcquireReason;
import dev.livebridge.limits.LimitStore.ReleaseReason;
import dev.livebridge.message.UsageTotals;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store does. */
abstract class LimitStoreContract {

    private static final UsageTotals USED = new UsageTotals(60_000, 500, 2_000);

    /** The store of one instance; a second call is another instance's where they share one. */
    abstract LimitStore store();

    static Bucket bucket(LimitScope scope, Limits limits) {
        return new Bucket(scope, scope.label() + ":" + UUID.randomUUID(), limits);
    }

    /** A lease whose holder has the name of its conversation. */
    static Lease lease(String conversation) {
        return new Lease(conversation, conversation);
    }

    static Limits conversations(int most) {
        return new Limits(most, null, UsageLimit.NONE);
    }

    static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    static Denial denial(CompletionStage<LeaseDecision> stage) {
        return assertInstanceOf(LeaseDecision.Denied.class, now(stage)).denial();
    }

    static List<UsageTotals> granted(CompletionStage<LeaseDecision> stage) {
        return assertInstanceOf(LeaseDecision.Granted.class, now(stage)).today();
    }

    /** At two instances, where they share a store. */
    @Test
    void ofAHundredRedemptionsOfATicketExactlyOneIsTheFirst() {
        List<LimitStore> instances = List.of(store(), store());
        String ticket = UUID.randomUUID().toString();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Boolean>> asked = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> now(instances.get(i % 2).redeem(ticket, Duration.ofSeconds(30))), threads))
                    .toList();

            assertEquals(
                    1,
                    asked.stream()
                            .map(CompletableFuture::join)
                            .filter(first -> first)
                            .count());
        }
        assertTrue(now(instances.getFirst().redeem(UUID.randomUUID().toString(), Duration.ofSeconds(30))));
    }

    @Test
    void ofAHundredAtOnceExactlyAsManyEnterAsMay() {
        LimitStore store = store();
        List<Bucket> seven = List.of(bucket(LimitScope.SUBJECT, conversations(7)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<LeaseDecision>> asked = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> now(store.acquire(lease("crowd-" + i), AcquireReason.START, seven)), threads))
                    .toList();

            long entered = asked.stream()
                    .map(CompletableFuture::join)
                    .filter(LeaseDecision.Granted.class::isInstance)
                    .count();

            assertEquals(7, entered);
        }
        assertEquals(7, now(store.usage(seven)).getFirst().conversations());
    }

    @Test
    void aPlaceThatIsGivenBackIsFree() {
        LimitStore store = store();
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
        granted(store.acquire(lease("first"), AcquireReason.START, one));

        assertEquals(
                new Denial(LimitScope.SUBJECT, LimitKind.CONVERSATIONS, null),
                denial(store.acquire(lease("second"), AcquireReason.START, one)));
        now(store.release(lease("first"), ReleaseReason.ENDED, one, UsageTotals.NONE));

        granted(store.acquire(lease("second"), AcquireReason.START, one));
    }

    @Test
    void aConversationThatGoesOnNeedsNoSecondPlace() {
        LimitStore store = store();
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, new Limits(1, 1, UsageLimit.NONE)));
        granted(store.acquire(lease("mine"), AcquireReason.START, one));

        granted(store.acquire(lease("mine"), AcquireReason.RESUME, one));

        assertEquals(1, now(store.usage(one)).getFirst().conversations());
        assertEquals(
                LimitKind.CONVERSATIONS,
                denial(store.acquire(lease("other"), AcquireReason.RESUME, one)).kind());
    }

    @Test
    void aLateReportOrReleaseOfAnEarlierSessionLeavesTheLeaseToTheNext() {
        for (ReleaseReason reason : ReleaseReason.values()) {
            LimitStore store = store();
            List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, conversations(1)));
            Lease earlier = new Lease("returns", "earlier");
            Lease next = new Lease("returns", "next");
            granted(store.acquire(earlier, AcquireReason.START, one));
            granted(store.acquire(next, AcquireReason.RESUME, one));

            now(store.report(earlier, one, new UsageTotals(1, 1, 1)));
            now(store.release(earlier, reason, one, new UsageTotals(1, 1, 1)));

            assertEquals(
                    List.of(new BucketUsage(1, 0, new UsageTotals(2, 2, 2))),
                    now(store.usage(one)),
                    "the rest of the usage is counted, and the lease stays: " + reason);
            assertEquals(
                    LimitKind.CONVERSATIONS,
                    denial(store.acquire(lease("other"), AcquireReason.START, one))
                            .kind());
            now(store.release(next, ReleaseReason.ENDED, one, UsageTotals.NONE));
            assertEquals(0, now(store.usage(one)).getFirst().conversations());
        }
    }

    @Test
    void startsAreCountedForAMinuteAndSayWhenTheNextMayCome() {
        LimitStore store = store();
        List<Bucket> two = List.of(bucket(LimitScope.ADDRESS, new Limits(null, 2, UsageLimit.NONE)));
        granted(store.acquire(lease("a"), AcquireReason.START, two));
        granted(store.acquire(lease("b"), AcquireReason.START, two));

        Denial denial = denial(store.acquire(lease("c"), AcquireReason.START, two));

        assertEquals(LimitKind.STARTS, denial.kind());
        Duration wait = Objects.requireNonNull(denial.retryAfter());
        assertTrue(wait.toMillis() > 0 && wait.toSeconds() <= 60, wait.toString());
        assertEquals(2, now(store.usage(two)).getFirst().starts());
    }

    @Test
    void eachKindOfTheDayIsDeniedOnceItIsUsedUpUntilMidnight() {
        assertUsedUp(new UsageLimit(Duration.ofMinutes(1), null, null), LimitKind.MINUTES);
        assertUsedUp(new UsageLimit(null, 500L, null), LimitKind.TOKENS);
        assertUsedUp(new UsageLimit(null, null, 2_000L), LimitKind.USD);
    }

    private void assertUsedUp(UsageLimit day, LimitKind kind) {
        LimitStore store = store();
        List<Bucket> buckets = List.of(bucket(LimitScope.SUBJECT, new Limits(null, null, day)));
        assertEquals(List.of(UsageTotals.NONE), granted(store.acquire(lease("first"), AcquireReason.START, buckets)));
        now(store.report(lease("first"), buckets, new UsageTotals(59_999, 499, 1_999)));
        granted(store.acquire(lease("second"), AcquireReason.START, buckets));

        assertEquals(List.of(USED), now(store.report(lease("first"), buckets, new UsageTotals(1, 1, 1))));

        Denial denial = denial(store.acquire(lease("third"), AcquireReason.START, buckets));
        assertEquals(kind, denial.kind());
        Duration wait = Objects.requireNonNull(denial.retryAfter());
        assertTrue(wait.toMillis() > 0 && wait.compareTo(Duration.ofDays(1)) <= 0, wait.toString());
        granted(store.acquire(lease("second"), AcquireReason.RESUME, buckets));
    }

    @Test
    void whatIsUsedIsCountedInEachBucketAlsoAtTheEnd() {
        LimitStore store = store();
        List<Bucket> both = List.of(bucket(LimitScope.SUBJECT, Limits.NONE), bucket(LimitScope.ALL, Limits.NONE));
        granted(store.acquire(lease("first"), AcquireReason.START, both));
        now(store.report(lease("first"), both, USED));

        now(store.release(lease("first"), ReleaseReason.ENDED, both, new UsageTotals(0, -100, 0)));

        UsageTotals rest = new UsageTotals(60_000, 400, 2_000);
        assertEquals(List.of(new BucketUsage(0, 0, rest), new BucketUsage(0, 0, rest)), now(store.usage(both)));
    }

    @Test
    void aConversationEntersAllBucketsOrNone() {
        LimitStore store = store();
        Bucket wide = bucket(LimitScope.ALL, new Limits(null, 10, UsageLimit.NONE));
        Bucket full = bucket(LimitScope.SUBJECT, conversations(0));

        assertEquals(
                LimitScope.SUBJECT,
                denial(store.acquire(lease("first"), AcquireReason.START, List.of(wide, full)))
                        .scope());

        assertEquals(List.of(new BucketUsage(0, 0, UsageTotals.NONE)), now(store.usage(List.of(wide))));
    }

    @Test
    void anUnknownBucketHasUsedNothing() {
        List<Bucket> unknown = List.of(bucket(LimitScope.KEY, conversations(1)));

        assertEquals(List.of(new BucketUsage(0, 0, UsageTotals.NONE)), now(store().usage(unknown)));
        assertNull(now(store().release(lease("unknown"), ReleaseReason.ENDED, unknown, UsageTotals.NONE)));
    }
}
