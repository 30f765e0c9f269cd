package dev.livebridge.limits;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.SubjectHash;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.access.rules.Limits;
import dev.livebridge.access.rules.Rule;
import dev.livebridge.message.UsageTotals;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The limits of callers by their rules: usage, admission, forecast. */
@Singleton
@Startup
public final class CallerLimits {

    private final AccessRules rules;
    private final SubjectHash subjects;
    private final LimitStore store;
    private final BudgetServices services;

    @Inject
    CallerLimits(AccessRules rules, SubjectHash subjects, LimitServices services) {
        this(rules, subjects, services.store(), services);
    }

    CallerLimits(AccessRules rules, SubjectHash subjects, LimitStore store, BudgetServices services) {
        this.rules = rules;
        this.subjects = subjects;
        this.store = store;
        this.services = services;
    }

    /**
     * Asks for one more conversation. What is admitted is counted at once.
     *
     * @param dialect label of the dialect that it speaks
     * @param resumes whether the caller wants to continue a conversation, which has its place already
     * @return never fails: a store that does not answer is a refusal
     */
    public CompletionStage<LimitDecision> admit(Caller caller, String dialect, boolean resumes) {
        Optional<Rule> found = rules.find(caller);
        if (found.isEmpty() || !found.get().permissions().allowsDialect(dialect)) {
            return CompletableFuture.completedStage(new LimitDecision.Refused(AccessRefusal.FORBIDDEN, null));
        }
        Rule rule = found.get();
        List<Bucket> buckets = buckets(caller, rule);
        Budget.Context context =
                new Budget.Context(buckets, rule.limits().conversation(), rule.permissions(), store, services);
        Lease lease = Lease.of(UUID.randomUUID().toString());
        if (resumes) {
            return CompletableFuture.completedStage(new LimitDecision.Admitted(Budget.forResumption(context, lease)));
        }
        if (buckets.isEmpty()) {
            return CompletableFuture.completedStage(
                    new LimitDecision.Admitted(Budget.holdingLease(context, lease, List.of())));
        }
        return store.acquire(lease, LimitStore.AcquireReason.START, buckets)
                .handle((decision, _) -> decision(context, lease, decision));
    }

    private LimitDecision decision(Budget.Context context, Lease lease, @Nullable LeaseDecision decision) {
        return switch (decision) {
            case LeaseDecision.Granted(List<UsageTotals> today) ->
                new LimitDecision.Admitted(Budget.holdingLease(context, lease, today));
            case LeaseDecision.Denied(Denial denial) -> {
                services.denied(denial);
                yield new LimitDecision.Refused(denial.kind().refusal(), denial.retryAfter());
            }
            case null -> new LimitDecision.Refused(AccessRefusal.UNAVAILABLE, null);
        };
    }

    /**
     * What a caller has used and may use.
     *
     * @return fails when the store does not answer; nothing for a caller without a rule
     */
    public CompletionStage<Optional<CallerUsage>> usage(Caller caller) {
        Optional<Rule> found = rules.find(caller);
        if (found.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        Rule rule = found.get();
        // What all callers together use is the operator's affair.
        List<Bucket> own = buckets(caller, rule).stream()
                .filter(bucket -> bucket.scope() != LimitScope.ALL)
                .toList();
        CompletionStage<List<BucketUsage>> asked =
                own.isEmpty() ? CompletableFuture.completedStage(List.of()) : store.usage(own);
        return asked.thenApply(used -> Optional.of(CallerUsage.of(rule, own, used, services.untilTomorrow())));
    }

    /**
     * Whether one more conversation would be refused now. Nothing is counted; the upgrade decides again.
     *
     * @return why it would be refused; empty when it would be admitted; fails when the store does not answer
     */
    public CompletionStage<Optional<LimitDecision.Refused>> forecast(Caller caller) {
        Optional<Rule> found = rules.find(caller);
        if (found.isEmpty()) {
            return CompletableFuture.completedStage(
                    Optional.of(new LimitDecision.Refused(AccessRefusal.FORBIDDEN, null)));
        }
        List<Bucket> buckets = buckets(caller, found.get());
        return buckets.isEmpty()
                ? CompletableFuture.completedStage(Optional.empty())
                : store.usage(buckets).thenApply(used -> exhausted(buckets, used));
    }

    private Optional<LimitDecision.Refused> exhausted(List<Bucket> buckets, List<BucketUsage> used) {
        for (int i = 0; i < buckets.size(); i++) {
            LimitKind kind = used.get(i).exhausted(buckets.get(i).limits());
            if (kind != null) {
                return Optional.of(new LimitDecision.Refused(kind.refusal(), freeAgainIn(kind)));
            }
        }
        return Optional.empty();
    }

    /** At the latest; {@code null} when that is not a matter of time alone. */
    private @Nullable Duration freeAgainIn(LimitKind kind) {
        return switch (kind) {
            case CONVERSATIONS -> null;
            case STARTS -> Duration.ofMinutes(1);
            case MINUTES, TOKENS, USD -> services.untilTomorrow();
        };
    }

    /** A bucket without limits is not counted. */
    private List<Bucket> buckets(Caller caller, Rule rule) {
        List<Bucket> buckets = new ArrayList<>();
        boolean anonymous = caller.kind() == CallerKind.ANONYMOUS || caller.kind() == CallerKind.OPEN;
        add(
                buckets,
                anonymous ? LimitScope.ADDRESS : LimitScope.SUBJECT,
                subjects.of(caller.subject()),
                rule.limits().subject());
        if (!caller.credentialId().isEmpty()) {
            add(
                    buckets,
                    LimitScope.KEY,
                    subjects.of("key-id:" + caller.credentialId()),
                    rule.limits().key());
        }
        add(buckets, LimitScope.ALL, "", rules.current().all());
        return buckets;
    }

    private static void add(List<Bucket> buckets, LimitScope scope, String name, Limits limits) {
        if (!limits.equals(Limits.NONE)) {
            buckets.add(new Bucket(scope, scope.label() + ":" + name, limits));
        }
    }
}
