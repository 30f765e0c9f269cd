package dev.livebridge.limits;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.Usage;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.budget.BudgetNotice;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.budget.LimitReached;
import dev.livebridge.telemetry.TokenPrice;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one conversation uses, tells the store, and compares both with the caller's limits.
 *
 * <p>Tokens are counted when the model reports them. A turn that ends without a report is counted by
 * {@link TokenEstimate} until a report comes, and so is talk that has not been reported for a minute. Between two
 * reports to the store the sums of the buckets are those of the last answer and what was used here since.
 */
final class Budget implements ConversationBudget {

    private static final Logger LOG = Logger.getLogger(Budget.class);

    /** Of a limit; from here on the client is warned. */
    private static final double WARNING_SHARE = 0.8;

    /** Talk that the model has not reported for so long is estimated. */
    private static final long MAX_UNREPORTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A store that fails is asked no longer than this for a conversation that moves; its own timeout is shorter. */
    private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(3);

    private final Context context;
    private final Lease lease;
    private final boolean mayBegin;
    private UsageLimit limit;
    private UsageTotals usedBefore = UsageTotals.NONE;
    private final TokenEstimate estimate = new TokenEstimate();
    private final Set<String> warned = new HashSet<>();
    private TokenPrice price = TokenPrice.NONE;
    private boolean started;
    private long startNanos;
    private long checkedNanos;
    private long countedNanos;
    private long tokens;
    private double microUsd;
    private long estimatedTokens;
    private double estimatedMicroUsd;
    private List<UsageTotals> today;
    private UsageTotals reported = UsageTotals.NONE;
    private long reportNanos;
    private boolean reportFailed;
    private boolean holdsLease;
    private boolean ended;
    private CompletableFuture<?> lastReport = CompletableFuture.completedFuture(null);

    /**
     * What the conversations of one caller share.
     *
     * @param buckets in which they are counted; empty when nothing is limited for all of them together
     * @param limit of each conversation
     * @param permissions of the caller
     * @param store counts them
     * @param services prices, clock, meters
     */
    record Context(
            List<Bucket> buckets,
            UsageLimit limit,
            Permissions permissions,
            LimitStore store,
            BudgetServices services) {
        Context {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * The budget of a conversation that may begin.
     *
     * @param today what the store said when it gave the conversation its place
     */
    static Budget holdingLease(Context context, Lease lease, List<UsageTotals> today) {
        return new Budget(context, lease, true, today, true);
    }

    /** The budget of a socket that was admitted to continue a conversation; it has no place of its own. */
    static Budget forResumption(Context context, Lease lease) {
        return new Budget(context, lease, false, none(context), false);
    }

    private Budget(Context context, Lease lease, boolean mayBegin, List<UsageTotals> today, boolean holdsLease) {
        this.context = context;
        this.lease = lease;
        this.limit = context.limit();
        this.mayBegin = mayBegin;
        this.today = List.copyOf(today);
        this.holdsLease = holdsLease;
    }

    private static List<UsageTotals> none(Context context) {
        return context.buckets().stream().map(_ -> UsageTotals.NONE).toList();
    }

    @Override
    public String conversation() {
        return lease.conversation();
    }

    @Override
    public Permissions permissions() {
        return context.permissions();
    }

    @Override
    public ConversationBudget forConversation(String other) {
        return new Budget(context, Lease.of(other), true, none(context), false);
    }

    @Override
    public boolean mayBegin() {
        return mayBegin;
    }

    @Override
    public Optional<LimitReached> claim() {
        if (context.buckets().isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<LeaseDecision> asked = context.store()
                .acquire(lease, LimitStore.AcquireReason.RESUME, context.buckets())
                .toCompletableFuture();
        try {
            return switch (asked.get(CLAIM_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                case LeaseDecision.Granted(List<UsageTotals> sums) -> {
                    onLease(sums);
                    yield Optional.empty();
                }
                case LeaseDecision.Denied(Denial denial) -> {
                    context.services().denied(denial);
                    Duration wait = denial.retryAfter();
                    yield Optional.of(new LimitReached(denial.sentence(), wait == null ? null : wait.toMillis()));
                }
            };
        } catch (ExecutionException | TimeoutException unavailable) {
            LOG.debugf("a conversation goes on without its place: %s", unavailable.toString());
            onLease(today);
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            // The store may still grant the lease: the end of the conversation releases it.
            onLease(today);
            return Optional.empty();
        }
    }

    /** It has its place; a conversation that has ended meanwhile gives it back. */
    private void onLease(List<UsageTotals> sums) {
        boolean late;
        synchronized (this) {
            today = List.copyOf(sums);
            holdsLease = true;
            late = ended;
        }
        if (late) {
            observe(context.store()
                    .release(lease, LimitStore.ReleaseReason.ENDED, context.buckets(), UsageTotals.NONE)
                    .toCompletableFuture());
        }
    }

    @Override
    public synchronized void restrict(UsageLimit other) {
        limit = limit.and(other);
    }

    @Override
    public synchronized void onResumed(UsageTotals spent) {
        usedBefore = spent;
    }

    @Override
    public synchronized void onUpstreamReady(String model, String setup, long nowNanos) {
        price = context.services().price(model);
        if (!started) {
            started = true;
            startNanos = nowNanos;
            countedNanos = nowNanos;
            reportNanos = nowNanos;
            estimate.onSetup(setup);
        }
    }

    @Override
    public synchronized void onClientMessage(ClientMessage message) {
        estimate.onClientMessage(message);
    }

    @Override
    public synchronized void onServerMessage(ServerMessage message) {
        estimate.onServerMessage(message);
        switch (message) {
            case ServerMessage.Usage usage -> onUsage(usage);
            case ServerMessage.TurnComplete turn -> {
                // Counts in the same frame are told as a message of their own.
                if (turn.usage() == null && estimate.hasUnreported()) {
                    onEstimate(estimate.estimateTurn());
                }
            }
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ -> {}
        }
    }

    private void onUsage(Usage usage) {
        tokens += tokens(usage) - estimatedTokens;
        microUsd += price.microUsd(usage) - estimatedMicroUsd;
        estimatedTokens = 0;
        estimatedMicroUsd = 0;
        estimate.onTurnReported();
        countedNanos = checkedNanos;
    }

    private void onEstimate(Usage usage) {
        int counted = tokens(usage);
        double cost = price.microUsd(usage);
        tokens += counted;
        microUsd += cost;
        estimatedTokens += counted;
        estimatedMicroUsd += cost;
        countedNanos = checkedNanos;
    }

    /** The service's own total, or the parts where there is none. */
    static int tokens(Usage usage) {
        return usage.totalTokens() > 0 ? usage.totalTokens() : usage.promptTokens() + usage.responseTokens();
    }

    @Override
    public @Nullable BudgetNotice check(long nowNanos) {
        report(nowNanos);
        return notice(nowNanos);
    }

    private synchronized @Nullable BudgetNotice notice(long nowNanos) {
        checkedNanos = nowNanos;
        if (!started) {
            return null;
        }
        if (nowNanos - countedNanos > MAX_UNREPORTED_NANOS && estimate.hasUnreported()) {
            onEstimate(estimate.estimateUnreported());
        }
        UsageTotals usedHere = usedHere(nowNanos);
        BudgetNotice own = notice(LimitScope.CONVERSATION, limit, usedBefore.plus(usedHere));
        if (own != null) {
            return own;
        }
        UsageTotals since = usedHere.minus(reported);
        for (int i = 0; i < today.size(); i++) {
            Bucket bucket = context.buckets().get(i);
            BudgetNotice notice = notice(
                    bucket.scope(), bucket.limits().perDay(), today.get(i).plus(since));
            if (notice != null) {
                return notice;
            }
        }
        return null;
    }

    private @Nullable BudgetNotice notice(LimitScope scope, UsageLimit limit, UsageTotals used) {
        LimitKind over = LimitKind.exhausted(limit, used);
        if (over != null) {
            Duration wait =
                    scope == LimitScope.CONVERSATION ? null : context.services().untilTomorrow();
            Denial denial = new Denial(scope, over, wait);
            return new BudgetNotice.Exhausted(denial.sentence(), wait == null ? null : wait.toMillis());
        }
        Duration time = limit.time();
        if (time != null && isMost(used.millis(), time.toMillis()) && warned.add(scope + "m")) {
            return warning(scope, "time", time.toMillis() - used.millis());
        }
        if (limit.tokens() != null && isMost(used.tokens(), limit.tokens()) && warned.add(scope + "t")) {
            return warning(scope, "tokens", null);
        }
        if (limit.microUsd() != null && isMost(used.microUsd(), limit.microUsd()) && warned.add(scope + "u")) {
            return warning(scope, "money", null);
        }
        return null;
    }

    @Override
    public synchronized long dueInNanos(long nowNanos) {
        if (!started) {
            return Long.MAX_VALUE;
        }
        long due = Long.MAX_VALUE;
        if (holdsLease && !context.buckets().isEmpty()) {
            due = context.services().renewalNanos() - (nowNanos - reportNanos);
        }
        if (estimate.hasUnreported()) {
            due = Math.min(due, MAX_UNREPORTED_NANOS - (nowNanos - countedNanos));
        }
        UsageTotals usedHere = usedHere(nowNanos);
        due = Math.min(due, timeLeftNanos(limit, usedBefore.plus(usedHere)));
        UsageTotals since = usedHere.minus(reported);
        for (int i = 0; i < today.size(); i++) {
            UsageLimit perDay = context.buckets().get(i).limits().perDay();
            due = Math.min(due, timeLeftNanos(perDay, today.get(i).plus(since)));
        }
        return due;
    }

    /** Time until the warning, or the end after it. */
    private static long timeLeftNanos(UsageLimit limit, UsageTotals used) {
        Duration time = limit.time();
        if (time == null) {
            return Long.MAX_VALUE;
        }
        long untilWarning = (long) Math.ceil(time.toMillis() * WARNING_SHARE) - used.millis();
        return TimeUnit.MILLISECONDS.toNanos(untilWarning > 0 ? untilWarning : time.toMillis() - used.millis());
    }

    private static boolean isMost(long used, long limit) {
        return used >= limit * WARNING_SHARE;
    }

    private BudgetNotice warning(LimitScope scope, String what, @Nullable Long inMillis) {
        context.services().warned(scope);
        String of = scope == LimitScope.CONVERSATION ? "of one conversation" : "of this day";
        return new BudgetNotice.Warning(
                scope.beginning() + " used most of the " + what + " " + of
                        + "; the conversation will end when it is used" + " up.",
                inMillis);
    }

    /** Tells the store what it does not know, when it is time to or there are new tokens. */
    private void report(long nowNanos) {
        CompletableFuture<List<UsageTotals>> asked;
        UsageTotals usedHere;
        synchronized (this) {
            usedHere = usedHere(nowNanos);
            boolean news = usedHere.tokens() != reported.tokens() && !isFailureRecent(nowNanos);
            boolean due = nowNanos - reportNanos >= context.services().renewalNanos();
            if (context.buckets().isEmpty() || !holdsLease || ended || !lastReport.isDone() || !(news || due)) {
                return;
            }
            reportNanos = nowNanos;
            asked = context.store()
                    .report(lease, context.buckets(), usedHere.minus(reported))
                    .toCompletableFuture();
            lastReport = asked.handle((sums, failure) -> {
                onReported(usedHere, sums, failure);
                return null;
            });
        }
    }

    /** A store that did not answer is asked again with the next renewal, not at once. */
    private boolean isFailureRecent(long nowNanos) {
        return reportFailed && nowNanos - reportNanos < context.services().renewalNanos();
    }

    private synchronized void onReported(
            UsageTotals usedHere, @Nullable List<UsageTotals> sums, @Nullable Throwable failure) {
        reportFailed = failure != null;
        if (sums != null) {
            reported = usedHere;
            today = List.copyOf(sums);
        }
    }

    private UsageTotals usedHere(long nowNanos) {
        long millis = started ? Math.max(0, nowNanos - startNanos) / 1_000_000 : 0;
        return new UsageTotals(millis, tokens, Math.round(microUsd));
    }

    @Override
    public synchronized UsageTotals spent(long nowNanos) {
        return usedBefore.plus(usedHere(nowNanos));
    }

    @Override
    public void onEnded(boolean moves, long nowNanos) {
        CompletableFuture<?> pendingReport;
        UsageTotals usedHere;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (!holdsLease || context.buckets().isEmpty()) {
                return;
            }
            if (!moves && started && estimate.hasUnreported()) {
                // What was said since the last report is billed, too, and no report of it will come.
                onEstimate(estimate.estimateUnreported());
            }
            usedHere = usedHere(nowNanos);
            pendingReport = lastReport;
        }
        // After the report that is on its way: it would renew the leases.
        observe(pendingReport.handle((_, _) -> null).thenCompose(_ -> release(moves, usedHere)));
    }

    private CompletableFuture<Void> release(boolean moves, UsageTotals usedHere) {
        UsageTotals rest;
        synchronized (this) {
            rest = usedHere.minus(reported);
        }
        return context.store()
                .release(
                        lease,
                        moves ? LimitStore.ReleaseReason.MOVED : LimitStore.ReleaseReason.ENDED,
                        context.buckets(),
                        rest)
                .toCompletableFuture();
    }

    private static void observe(CompletableFuture<?> leaving) {
        var _ = leaving.whenComplete((_, failure) -> {
            if (failure != null) {
                LOG.debugf("a conversation's place is given back when its lease is over: %s", failure.toString());
            }
        });
    }
}
