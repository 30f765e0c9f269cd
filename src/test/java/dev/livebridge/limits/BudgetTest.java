package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.limits.LimitStore.AcquireReason;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.Modality;
import dev.livebridge.message.ServerMessage.TurnComplete;
import dev.livebridge.message.ServerMessage.Usage;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.budget.BudgetNotice;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.telemetry.TokenPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One conversation against its caller's limits, on a clock that the test moves. */
class BudgetTest {

    private static final TokenPrice PRICE = new TokenPrice(1, 3, 2, 4, 12);
    private static final Bucket FREE = new Bucket(LimitScope.SUBJECT, "subject:ada", Limits.NONE);

    private final LocalLimitStore store = new LocalLimitStore(() -> Instant.parse("2026-11-27T22:00:00Z"));
    private final FakeBudgetServices services = new FakeBudgetServices();
    private long clock = 5_000_000_000L;

    private static final class FakeBudgetServices implements BudgetServices {
        final List<LimitScope> warned = new ArrayList<>();
        final List<Denial> denied = new ArrayList<>();

        @Override
        public TokenPrice price(String model) {
            return PRICE;
        }

        @Override
        public Duration untilTomorrow() {
            return Duration.ofHours(2);
        }

        @Override
        public long renewalNanos() {
            return TimeUnit.SECONDS.toNanos(10);
        }

        @Override
        public void denied(Denial denial) {
            denied.add(denial);
        }

        @Override
        public void warned(LimitScope scope) {
            warned.add(scope);
        }
    }

    /** A store that does not answer until it is told to. */
    private static class Unreachable implements LimitStore {
        final List<UsageTotals> asked = new ArrayList<>();
        private final LimitStore behind;
        boolean reachable;

        Unreachable(LimitStore behind) {
            this.behind = behind;
        }

        private <T> CompletionStage<T> answer(CompletionStage<T> stage) {
            return reachable
                    ? stage
                    : CompletableFuture.failedStage(new StoreUnavailableException(new IllegalStateException("away")));
        }

        @Override
        public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
            return reachable ? behind.acquire(lease, reason, buckets) : answer(CompletableFuture.completedStage(null));
        }

        @Override
        public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
            asked.add(more);
            return reachable
                    ? behind.report(lease, buckets, more)
                    : answer(CompletableFuture.completedStage(List.of()));
        }

        @Override
        public CompletionStage<Void> release(
                Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
            return reachable
                    ? behind.release(lease, reason, buckets, more)
                    : answer(CompletableFuture.completedStage(null));
        }

        @Override
        public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
            return answer(behind.usage(buckets));
        }

        @Override
        public CompletionStage<Boolean> redeem(String id, Duration kept) {
            return answer(behind.redeem(id, kept));
        }

        @Override
        public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
            return answer(behind.use(token, uses, kept));
        }
    }

    private Budget.Context context(LimitStore in, UsageLimit conversation, Bucket... buckets) {
        return new Budget.Context(List.of(buckets), conversation, Permissions.ALL, in, services);
    }

    private Budget begun(LimitStore in, UsageLimit conversation, Bucket... buckets) {
        List<UsageTotals> today = LimitStoreContract.granted(
                store.acquire(LimitStoreContract.lease("talk"), AcquireReason.START, List.of(buckets)));
        Budget budget =
                Budget.holdingLease(context(in, conversation, buckets), LimitStoreContract.lease("talk"), today);
        budget.onUpstreamReady("m", "{}", clock);
        return budget;
    }

    private static Bucket day(UsageLimit limit) {
        return new Bucket(LimitScope.SUBJECT, "subject:ada", new Limits(null, null, limit));
    }

    private static UsageLimit tokens(long most) {
        return new UsageLimit(null, most, null);
    }

    private static Usage usage(int in, int out) {
        return new Usage(in, out, in + out, Map.of(Modality.AUDIO, in), Map.of(Modality.AUDIO, out), "{}");
    }

    private @Nullable BudgetNotice after(Duration time, ConversationBudget budget) {
        clock += time.toNanos();
        return budget.check(clock);
    }

    private @Nullable BudgetNotice soon(ConversationBudget budget) {
        return after(Duration.ofMillis(100), budget);
    }

    private UsageTotals stored() {
        return LimitStoreContract.now(store.usage(List.of(FREE))).getFirst().today();
    }

    private static ClientMessage spoken(int seconds) {
        return new ClientMessage.Audio(Base64Text.encode(new byte[seconds * 32_000]), "audio/pcm;rate=16000");
    }

    private static ServerMessage voice(int seconds) {
        return new ServerMessage.Audio(Base64Text.encode(new byte[seconds * 48_000]), "audio/pcm;rate=24000");
    }

    @Test
    void theFirstReportThatReachesTheTokensOfAConversationExhaustsIt() {
        Budget budget = begun(store, tokens(1_000), FREE);
        budget.onServerMessage(usage(400, 399));
        assertNull(soon(budget), "799 are less than four fifths");

        budget.onServerMessage(usage(1, 0));
        BudgetNotice.Warning warning = assertInstanceOf(BudgetNotice.Warning.class, soon(budget));
        assertNull(warning.inMillis());
        assertNull(soon(budget), "a warning is said once");
        budget.onServerMessage(usage(100, 99));
        assertNull(soon(budget));
        budget.onServerMessage(usage(1, 0));

        BudgetNotice.Exhausted exhausted = assertInstanceOf(BudgetNotice.Exhausted.class, soon(budget));
        assertNull(exhausted.retryAfterMillis(), "another conversation may begin at once");
        assertEquals(List.of(LimitScope.CONVERSATION), services.warned);
        assertEquals(1_000, stored().tokens());
    }

    @Test
    void moneyIsCountedByThePriceOfEachKindOfToken() {
        Budget budget = begun(store, new UsageLimit(null, null, 3_000L), FREE);
        budget.onServerMessage(new Usage(
                120, 10, 130, Map.of(Modality.TEXT, 100, Modality.AUDIO, 20), Map.of(Modality.AUDIO, 10), "{}"));

        assertEquals(new UsageTotals(0, 130, 100 + 60 + 120), budget.spent(clock));
        budget.onServerMessage(usage(0, 227));
        assertInstanceOf(BudgetNotice.Exhausted.class, soon(budget));
    }

    @Test
    void minutesAreCountedByTheClockAndTheWarningSaysHowLongIsLeft() {
        Budget budget = begun(store, new UsageLimit(Duration.ofMinutes(10), null, null), FREE);
        assertNull(after(Duration.ofMinutes(8).minusMillis(1), budget));

        BudgetNotice.Warning warning =
                assertInstanceOf(BudgetNotice.Warning.class, after(Duration.ofMillis(1), budget));
        assertEquals(Duration.ofMinutes(2).toMillis(), warning.inMillis());

        assertNull(after(Duration.ofMinutes(2).minusMillis(1), budget));
        assertInstanceOf(BudgetNotice.Exhausted.class, after(Duration.ofMillis(1), budget));
    }

    @Test
    void theNextDueTimeIsThatOfTheRenewalTheWarningOrTheEnd() {
        UsageLimit minutes = new UsageLimit(Duration.ofMinutes(10), null, null);
        Budget withoutLimits = begun(store, UsageLimit.NONE);
        Budget withLease = begun(store, UsageLimit.NONE, FREE);
        Budget withTime = begun(store, minutes);
        Budget withTimePerDay = begun(store, UsageLimit.NONE, day(minutes));

        assertEquals(Long.MAX_VALUE, withoutLimits.dueInNanos(clock));
        assertEquals(services.renewalNanos(), withLease.dueInNanos(clock));
        assertEquals(Duration.ofMinutes(8).toNanos(), withTime.dueInNanos(clock));
        clock += Duration.ofMinutes(8).toNanos();
        assertEquals(Duration.ofMinutes(2).toNanos(), withTime.dueInNanos(clock));
        withTimePerDay.check(clock);
        assertEquals(services.renewalNanos(), withTimePerDay.dueInNanos(clock), "the day's end is later");
        clock += Duration.ofMinutes(2).toNanos();
        assertEquals(0, withTime.dueInNanos(clock));
    }

    @Test
    void theLimitOfTheAgentIsDue() {
        Budget budget = begun(store, UsageLimit.NONE);

        budget.restrict(new UsageLimit(Duration.ofMinutes(10), null, null));

        assertEquals(Duration.ofMinutes(8).toNanos(), budget.dueInNanos(clock));
    }

    @Test
    void theDayIsSharedWithOtherConversationsAndBeginsAnewAtMidnight() {
        Budget budget = begun(store, UsageLimit.NONE, day(tokens(1_000)));
        LimitStoreContract.now(
                store.report(LimitStoreContract.lease("other"), List.of(FREE), new UsageTotals(0, 700, 0)));
        budget.onServerMessage(usage(100, 99));

        assertInstanceOf(BudgetNotice.Warning.class, soon(budget));
        budget.onServerMessage(usage(101, 100));
        BudgetNotice.Exhausted exhausted = assertInstanceOf(BudgetNotice.Exhausted.class, soon(budget));

        assertEquals(Duration.ofHours(2).toMillis(), exhausted.retryAfterMillis());
    }

    @Test
    void aConversationThatMovesTakesItsSumsAlong() {
        Budget socket = Budget.forResumption(context(store, tokens(1_000), FREE), LimitStoreContract.lease("socket"));
        assertEquals(false, socket.mayBegin());

        ConversationBudget budget = socket.forConversation("talk");
        assertTrue(budget.claim().isEmpty());
        budget.onResumed(new UsageTotals(60_000, 990, 5));
        budget.onUpstreamReady("m", "{}", clock);
        budget.onServerMessage(usage(5, 5));

        assertInstanceOf(BudgetNotice.Exhausted.class, soon(budget));
        assertEquals(1_000, budget.spent(clock).tokens());
        assertEquals(10, stored().tokens(), "what was used elsewhere is counted there");
    }

    @Test
    void theLateEndOfTheEarlierSessionDoesNotReleaseTheLeaseOfTheNext() {
        Bucket one = new Bucket(LimitScope.SUBJECT, "subject:ada", new Limits(1, null, UsageLimit.NONE));
        Budget earlier = begun(store, UsageLimit.NONE, one);
        ConversationBudget next = Budget.forResumption(
                        context(store, UsageLimit.NONE, one), LimitStoreContract.lease("socket"))
                .forConversation("talk");
        assertTrue(next.claim().isEmpty());

        earlier.onEnded(true, clock);

        assertEquals(
                1, LimitStoreContract.now(store.usage(List.of(one))).getFirst().conversations());
        next.onEnded(false, clock);
        assertEquals(
                0, LimitStoreContract.now(store.usage(List.of(one))).getFirst().conversations());
    }

    @Test
    void theEndReleasesALeaseThatIsGrantedAfterAnInterruption() {
        Bucket one = new Bucket(LimitScope.SUBJECT, "subject:ada", new Limits(1, null, UsageLimit.NONE));
        CompletableFuture<Void> answered = new CompletableFuture<>();
        Unreachable slow = new Unreachable(store) {
            @Override
            public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
                return answered.thenCompose(_ -> store.acquire(lease, reason, buckets));
            }
        };
        slow.reachable = true;
        ConversationBudget budget = Budget.forResumption(
                        context(slow, UsageLimit.NONE, one), LimitStoreContract.lease("socket"))
                .forConversation("talk");

        Thread.currentThread().interrupt();
        assertTrue(budget.claim().isEmpty());
        assertTrue(Thread.interrupted());
        answered.complete(null);
        budget.onEnded(false, clock);

        assertEquals(
                0, LimitStoreContract.now(store.usage(List.of(one))).getFirst().conversations());
    }

    @Test
    void aConversationThatComesWithoutAPlaceIsRefusedAndCountsNothing() {
        Bucket one = new Bucket(LimitScope.SUBJECT, "subject:ada", new Limits(1, null, UsageLimit.NONE));
        LimitStoreContract.granted(store.acquire(LimitStoreContract.lease("other"), AcquireReason.START, List.of(one)));
        ConversationBudget budget = Budget.forResumption(
                        context(store, UsageLimit.NONE, one), LimitStoreContract.lease("socket"))
                .forConversation("talk");

        assertTrue(budget.claim().isPresent());
        budget.onEnded(false, clock);

        assertEquals(LimitKind.CONVERSATIONS, services.denied.getFirst().kind());
        assertEquals(
                1, LimitStoreContract.now(store.usage(List.of(one))).getFirst().conversations());
    }

    @Test
    void aTurnWithoutAReportIsEstimatedUntilAReportComes() {
        Budget budget = begun(store, UsageLimit.NONE, FREE);
        budget.onClientMessage(spoken(4));
        budget.onServerMessage(voice(8));
        budget.onServerMessage(new TurnComplete(null));

        assertEquals(300, budget.spent(clock).tokens(), "25 a second, either way");
        assertEquals(100 * 3 + 200 * 12, budget.spent(clock).microUsd());
        budget.onClientMessage(spoken(2));
        budget.onServerMessage(voice(2));
        budget.onServerMessage(new TurnComplete(null));
        assertEquals(300 + 350 + 50, budget.spent(clock).tokens(), "everything before is input once more");

        budget.onServerMessage(usage(500, 100));

        assertEquals(600, budget.spent(clock).tokens(), "the report replaces the estimates");
        assertEquals(500 * 3 + 100 * 12, budget.spent(clock).microUsd());
    }

    @Test
    void aTurnWhoseEndHasCountsIsNotEstimated() {
        Budget budget = begun(store, UsageLimit.NONE, FREE);
        budget.onClientMessage(spoken(4));
        budget.onServerMessage(voice(8));
        budget.onServerMessage(new TurnComplete(null, "{\"totalTokenCount\":7}"));
        budget.onServerMessage(new Usage(3, 4, 7, "{}"));

        assertEquals(7, budget.spent(clock).tokens());
    }

    @Test
    void talkThatIsNeverReportedIsEstimatedByTheClock() {
        Budget budget = begun(store, tokens(2_000), FREE);
        budget.onServerMessage(voice(80));
        assertNull(after(Duration.ofSeconds(60), budget));

        assertInstanceOf(BudgetNotice.Exhausted.class, soon(budget));
    }

    @Test
    void aStoreThatDoesNotAnswerEndsNothingAndLosesNothing() {
        Unreachable away = new Unreachable(store);
        Budget budget = begun(away, UsageLimit.NONE, day(tokens(1_000)));
        budget.onServerMessage(usage(300, 300));

        assertNull(soon(budget));
        assertNull(after(Duration.ofSeconds(5), budget));
        assertEquals(1, away.asked.size(), "it is not asked again at once");
        assertEquals(UsageTotals.NONE, stored());
        assertNull(after(Duration.ofSeconds(10), budget));
        assertEquals(2, away.asked.size());

        away.reachable = true;
        assertNull(after(Duration.ofSeconds(10), budget));
        assertEquals(600, stored().tokens());
        budget.onServerMessage(usage(200, 200));
        assertNotNull(soon(budget), "the limit still holds");
    }

    @Test
    void anEndCountsTheRestAndGivesThePlaceBack() {
        Budget budget = begun(store, UsageLimit.NONE, FREE);
        soon(budget);
        budget.onServerMessage(usage(10, 10));
        budget.onClientMessage(spoken(4));
        clock += Duration.ofSeconds(3).toNanos();

        budget.onEnded(false, clock);
        budget.onEnded(false, clock);

        BucketUsage after = LimitStoreContract.now(store.usage(List.of(FREE))).getFirst();
        assertEquals(0, after.conversations());
        assertEquals(20 + 100, after.today().tokens(), "what was said and not reported is billed, too");
        assertEquals(3_100, after.today().millis());
    }

    @Test
    void aReportThatIsOnItsWayDoesNotTakeThePlaceAgain() {
        CompletableFuture<List<UsageTotals>> slow = new CompletableFuture<>();
        List<String> order = new ArrayList<>();
        LimitStore ordered = new LimitStore() {
            @Override
            public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
                return store.acquire(lease, reason, buckets);
            }

            @Override
            public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
                order.add("report");
                return slow;
            }

            @Override
            public CompletionStage<Void> release(
                    Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
                order.add("release " + more.tokens());
                return CompletableFuture.completedStage(null);
            }

            @Override
            public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
                return store.usage(buckets);
            }

            @Override
            public CompletionStage<Boolean> redeem(String id, Duration kept) {
                return store.redeem(id, kept);
            }

            @Override
            public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
                return store.use(token, uses, kept);
            }
        };
        Budget budget = begun(ordered, UsageLimit.NONE, FREE);
        budget.onServerMessage(usage(5, 5));
        soon(budget);

        budget.onEnded(false, clock);
        assertEquals(List.of("report"), order);
        slow.complete(List.of(new UsageTotals(0, 10, 0)));

        assertEquals(List.of("report", "release 0"), order);
    }
}
