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

    @Test
    void ofAHundredAtOnceExactlyAsManyEnterAsMay() {
        LimitStore store = store();
        List<Bucket> seven = List.of(bucket(LimitScope.SUBJECT, conversations(7)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<LeaseDecision>> asked = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> now(store.acquire("crowd-" + i, AcquireReason.START, seven)), threads))
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
        granted(store.acquire("first", AcquireReason.START, one));

        assertEquals(
                new Denial(LimitScope.SUBJECT, LimitKind.CONVERSATIONS, null),
                denial(store.acquire("second", AcquireReason.START, one)));
        now(store.release("first", ReleaseReason.ENDED, one, UsageTotals.NONE));

        granted(store.acquire("second", AcquireReason.START, one));
    }

    @Test
    void aConversationThatGoesOnNeedsNoSecondPlace() {
        LimitStore store = store();
        List<Bucket> one = List.of(bucket(LimitScope.SUBJECT, new Limits(1, 1, UsageLimit.NONE)));
        granted(store.acquire("mine", AcquireReason.START, one));

        granted(store.acquire("mine", AcquireReason.RESUME, one));

        assertEquals(1, now(store.usage(one)).getFirst().conversations());
        assertEquals(
                LimitKind.CONVERSATIONS,
                denial(store.acquire("other", AcquireReason.RESUME, one)).kind());
    }

    @Test
    void startsAreCountedForAMinuteAndSayWhenTheNextMayCome() {
        LimitStore store = store();
        List<Bucket> two = List.of(bucket(LimitScope.ADDRESS, new Limits(null, 2, UsageLimit.NONE)));
        granted(store.acquire("a", AcquireReason.START, two));
        granted(store.acquire("b", AcquireReason.START, two));

        Denial denial = denial(store.acquire("c", AcquireReason.START, two));

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
        assertEquals(List.of(UsageTotals.NONE), granted(store.acquire("first", AcquireReason.START, buckets)));
        now(store.report("first", buckets, new UsageTotals(59_999, 499, 1_999)));
        granted(store.acquire("second", AcquireReason.START, buckets));

        assertEquals(List.of(USED), now(store.report("first", buckets, new UsageTotals(1, 1, 1))));

        Denial denial = denial(store.acquire("third", AcquireReason.START, buckets));
        assertEquals(kind, denial.kind());
        Duration wait = Objects.requireNonNull(denial.retryAfter());
        assertTrue(wait.toMillis() > 0 && wait.compareTo(Duration.ofDays(1)) <= 0, wait.toString());
        granted(store.acquire("second", AcquireReason.RESUME, buckets));
    }

    @Test
    void whatIsUsedIsCountedInEachBucketAlsoAtTheEnd() {
        LimitStore store = store();
        List<Bucket> both = List.of(bucket(LimitScope.SUBJECT, Limits.NONE), bucket(LimitScope.ALL, Limits.NONE));
        granted(store.acquire("first", AcquireReason.START, both));
        now(store.report("first", both, USED));

        now(store.release("first", ReleaseReason.ENDED, both, new UsageTotals(0, -100, 0)));

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
                denial(store.acquire("first", AcquireReason.START, List.of(wide, full)))
                        .scope());

        assertEquals(List.of(new BucketUsage(0, 0, UsageTotals.NONE)), now(store.usage(List.of(wide))));
    }

    @Test
    void anUnknownBucketHasUsedNothing() {
        List<Bucket> unknown = List.of(bucket(LimitScope.KEY, conversations(1)));

        assertEquals(List.of(new BucketUsage(0, 0, UsageTotals.NONE)), now(store().usage(unknown)));
        assertNull(now(store().release("unknown", ReleaseReason.ENDED, unknown, UsageTotals.NONE)));
    }
}
