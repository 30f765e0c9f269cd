package dev.livebridge.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.SubjectHash;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.telemetry.TokenPrice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which conversations are counted together, and what their callers are told. */
class CallerLimitsTest {

    private static final SubjectHash HASH = new SubjectHash("salt".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    private Path folder;

    private final LocalLimitStore store = new LocalLimitStore(() -> Instant.parse("2026-11-27T22:00:00Z"));
    private final List<Denial> denied = new ArrayList<>();
    private final BudgetServices services = new BudgetServices() {
        @Override
        public TokenPrice price(String model) {
            return TokenPrice.NONE;
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
        public void warned(LimitScope scope) {}
    };

    private CallerLimits limits(LimitStore in, String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("access.yaml"), yaml);
        return new CallerLimits(new AccessRules(Optional.of(file)), HASH, in, services);
    }

    private static Caller caller(CallerKind kind, String subject, String key) {
        return new Caller(subject, kind, Set.of(), key, null, Caller.DEFAULT_RULE);
    }

    private static LimitDecision admit(CallerLimits limits, Caller caller) {
        return LimitStoreContract.now(limits.admit(caller, "live", false));
    }

    private static Optional<LimitDecision.Refused> forecast(CallerLimits limits, Caller caller) {
        return LimitStoreContract.now(limits.forecast(caller));
    }

    private static AccessRefusal refusal(LimitDecision decision) {
        return assertInstanceOf(LimitDecision.Refused.class, decision).refusal();
    }

    private static ConversationBudget budget(LimitDecision decision) {
        return assertInstanceOf(LimitDecision.Admitted.class, decision).budget();
    }

    @Test
    void theSubjectsOfOneKeyShareItsLimitAndHaveTheirOwn() throws IOException {
        CallerLimits limits = limits(
                store, "rules:\n  - name: a\n    limits: {subject: {conversations: 1}, key: {conversations: 2}}\n");
        Caller ada = caller(CallerKind.KEY, "key:ada", "ci");
        ConversationBudget first = budget(admit(limits, ada));
        assertEquals(AccessRefusal.CONCURRENCY, refusal(admit(limits, ada)));
        budget(admit(limits, caller(CallerKind.KEY, "key:bob", "ci")));

        assertEquals(AccessRefusal.CONCURRENCY, refusal(admit(limits, caller(CallerKind.KEY, "key:eve", "ci"))));
        budget(admit(limits, caller(CallerKind.KEY, "key:eve", "other")));
        first.onEnded(false, 0);
        budget(admit(limits, caller(CallerKind.KEY, "key:eve2", "ci")));

        assertEquals(
                List.of(LimitScope.SUBJECT, LimitScope.KEY),
                denied.stream().map(Denial::scope).toList());
    }

    @Test
    void aConversationWithAnEphemeralTokenCountsForItsIssuerByTheRuleOfItsIssuer() throws IOException {
        CallerLimits limits = limits(store, """
                rules:
                  - name: first
                    when: {roles: [talk]}
                  - name: issuers
                    when: {roles: [mint]}
                    limits: {subject: {conversations: 1}}
                """);
        Caller issuer = new Caller("key:shop", CallerKind.KEY, Set.of("mint"), "shop", null, "issuers");
        Caller visitor = new Caller("key:shop", CallerKind.KEY, Set.of("talk"), "shop", null, "issuers")
                .with(new TokenGrant("id", "instance", 1, Instant.MAX, null, List.of()));

        ConversationBudget budget = budget(admit(limits, visitor));

        assertEquals(AccessRefusal.CONCURRENCY, refusal(admit(limits, visitor)));
        assertEquals(AccessRefusal.CONCURRENCY, refusal(admit(limits, issuer)));
        budget.onEnded(false, 0);
        budget(admit(limits, issuer));
    }

    @Test
    void allCallersTogetherHaveALimitToo() throws IOException {
        CallerLimits limits = limits(store, "rules:\n  - {name: a}\nall: {conversations: 1}\n");
        budget(admit(limits, caller(CallerKind.PERSON, "oidc:ada", "")));

        assertEquals(
                AccessRefusal.CONCURRENCY, refusal(admit(limits, caller(CallerKind.ANONYMOUS, "anonymous:1", ""))));
    }

    @Test
    void noStoreHoldsASubjectInClear() throws IOException {
        List<Bucket> seen = new ArrayList<>();
        LimitStore spying = new Failing() {
            @Override
            public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
                seen.addAll(buckets);
                return store.acquire(lease, reason, buckets);
            }
        };
        CallerLimits limits = limits(
                spying, "rules:\n  - name: a\n    limits: {subject: {conversations: 1}, key: {conversations: 1}}\n");

        budget(admit(limits, caller(CallerKind.KEY, "key:ada@example.com", "secret-key-id")));

        assertEquals(2, seen.size());
        assertFalse(seen.toString().contains("ada"), seen.toString());
        assertFalse(seen.toString().contains("secret-key-id"), seen.toString());
    }

    @Test
    void aStoreThatDoesNotAnswerIsARefusalUnlessNothingIsLimitedOrTheConversationGoesOn() throws IOException {
        Caller ada = caller(CallerKind.PERSON, "oidc:ada", "");
        CallerLimits limited =
                limits(new Failing(), "rules:\n  - name: a\n    limits: {subject: {conversations: 1}}\n");
        assertEquals(AccessRefusal.UNAVAILABLE, refusal(admit(limited, ada)));
        ConversationBudget resuming = budget(LimitStoreContract.now(limited.admit(ada, "live", true)));
        assertFalse(resuming.mayBegin());
        assertTrue(resuming.forConversation("talk").claim().isEmpty(), "a conversation that runs is not cut");

        CallerLimits free = limits(new Failing(), "rules:\n  - {name: a}\n");
        assertTrue(budget(admit(free, ada)).mayBegin());
    }

    @Test
    void usageSaysWhatIsUsedAndWhatIsLeftOfEachLimitOfTheCallersOwn() throws IOException {
        CallerLimits limits = limits(
                store,
                "rules:\n  - name: staff\n    may: {max-duration: 30m}\n"
                        + "    limits: {subject: {conversations: 2, starts-per-minute: 5, minutes-per-day: 90, usd-per-day: 2.5},"
                        + " conversation: {tokens: 5000}}\nall: {conversations: 9}\n");
        Caller ada = caller(CallerKind.PERSON, "oidc:ada", "");
        budget(admit(limits, ada));

        String usage = LimitStoreContract.now(limits.usage(ada)).orElseThrow().text();

        assertEquals(
                "{\"rule\":\"staff\",\"limits\":["
                        + "{\"scope\":\"subject\",\"kind\":\"conversations\",\"used\":1,\"limit\":2,\"left\":1},"
                        + "{\"scope\":\"subject\",\"kind\":\"starts\",\"used\":1,\"limit\":5,\"left\":4,\"resetsInMs\":60000},"
                        + "{\"scope\":\"subject\",\"kind\":\"minutes\",\"used\":0,\"limit\":90,\"left\":90,\"resetsInMs\":7200000},"
                        + "{\"scope\":\"subject\",\"kind\":\"usd\",\"used\":0,\"limit\":2.5,\"left\":2.5,\"resetsInMs\":7200000},"
                        + "{\"scope\":\"conversation\",\"kind\":\"minutes\",\"limit\":30},"
                        + "{\"scope\":\"conversation\",\"kind\":\"tokens\",\"limit\":5000}]}",
                usage);
    }

    @Test
    void aForecastSaysWhyOneMoreConversationWouldBeRefusedAndCountsNothing() throws IOException {
        CallerLimits limits = limits(store, """
                rules:
                  - name: a
                    limits: {subject: {conversations: 2, starts-per-minute: 2}}
                all: {conversations: 3}
                """);
        Caller ada = caller(CallerKind.PERSON, "oidc:ada", "");
        Caller bob = caller(CallerKind.PERSON, "oidc:bob", "");
        assertEquals(Optional.empty(), forecast(limits, ada));
        ConversationBudget first = budget(admit(limits, ada));
        assertEquals(Optional.empty(), forecast(limits, ada), "a forecast takes no place");

        budget(admit(limits, ada));
        assertEquals(Optional.of(new LimitDecision.Refused(AccessRefusal.CONCURRENCY, null)), forecast(limits, ada));
        first.onEnded(false, 0);
        assertEquals(
                Optional.of(new LimitDecision.Refused(AccessRefusal.RATE, Duration.ofMinutes(1))),
                forecast(limits, ada));

        assertEquals(Optional.empty(), forecast(limits, bob));
        budget(admit(limits, bob));
        budget(admit(limits, bob));
        Caller eve = caller(CallerKind.PERSON, "oidc:eve", "");
        assertEquals(
                Optional.of(new LimitDecision.Refused(AccessRefusal.CONCURRENCY, null)),
                forecast(limits, eve),
                "the limit of all callers counts, too");
        assertEquals(List.of(), denied, "a forecast is no denial");
    }

    @Test
    void aForecastOfAUsedUpDayNamesTheNextDay() throws IOException {
        LimitStore spent = new Failing() {
            @Override
            public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
                return CompletableFuture.completedStage(List.of(new BucketUsage(
                        0, 0, new UsageTotals(Duration.ofMinutes(90).toMillis(), 0, 0))));
            }
        };
        CallerLimits limits = limits(spent, "rules:\n  - name: a\n    limits: {subject: {minutes-per-day: 90}}\n");

        assertEquals(
                Optional.of(new LimitDecision.Refused(AccessRefusal.BUDGET, Duration.ofHours(2))),
                forecast(limits, caller(CallerKind.PERSON, "oidc:ada", "")));
    }

    @Test
    void aForecastForACallerWithoutARuleIsARefusal() throws IOException {
        CallerLimits limits = limits(store, "rules:\n  - name: a\n    when: {kinds: [key]}\n");

        assertEquals(
                Optional.of(new LimitDecision.Refused(AccessRefusal.FORBIDDEN, null)),
                forecast(limits, caller(CallerKind.PERSON, "oidc:ada", "")));
    }

    /** A store that never answers. */
    private static class Failing implements LimitStore {

        private static <T> CompletionStage<T> failed() {
            return CompletableFuture.failedStage(new StoreUnavailableException(new IllegalStateException("away")));
        }

        @Override
        public CompletionStage<LeaseDecision> acquire(Lease lease, AcquireReason reason, List<Bucket> buckets) {
            return failed();
        }

        @Override
        public CompletionStage<List<UsageTotals>> report(Lease lease, List<Bucket> buckets, UsageTotals more) {
            return failed();
        }

        @Override
        public CompletionStage<Void> release(
                Lease lease, ReleaseReason reason, List<Bucket> buckets, UsageTotals more) {
            return failed();
        }

        @Override
        public CompletionStage<List<BucketUsage>> usage(List<Bucket> buckets) {
            return failed();
        }

        @Override
        public CompletionStage<Boolean> redeem(String id, Duration kept) {
            return failed();
        }

        @Override
        public CompletionStage<Boolean> use(String token, int uses, Duration kept) {
            return failed();
        }
    }
}
