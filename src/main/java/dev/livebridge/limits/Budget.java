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
    private static final double WARNING_PART = 0.8;

    /** Talk that the model has not reported for so long is estimated. */
    private static final long UNREPORTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A store that fails is asked no longer than this for a conversation that moves; its own timeout is shorter. */
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(3);

    private final Grounds grounds;
    private final String conversation;
    private final boolean mayBegin;
    private UsageTotals before = UsageTotals.NONE;
    private final TokenEstimate estimate = new TokenEstimate();
    private final Set<String> warned = new HashSet<>();
    private TokenPrice price = TokenPrice.NONE;
    private boolean answered;
    private long answeredNanos;
    private long checkedNanos;
    private long countedNanos;
    private long tokens;
    private double microUsd;
    private long estimatedTokens;
    private double estimatedMicroUsd;
    private List<UsageTotals> today;
    private UsageTotals told = UsageTotals.NONE;
    private long toldNanos;
    private boolean failing;
    private boolean entered;
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
    record Grounds(
            List<Bucket> buckets,
            UsageLimit limit,
            Permissions permissions,
            LimitStore store,
            BudgetServices services) {
        Grounds {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * The budget of a conversation that may begin.
     *
     * @param today what the store said when it gave the conversation its place
     */
    static Budget begun(Grounds grounds, String conversation, List<UsageTotals> today) {
        return new Budget(grounds, conversation, true, today, true);
    }

    /** The budget of a socket that was admitted to continue a conversation; it has no place of its own. */
    static Budget toContinue(Grounds grounds, String conversation) {
        return new Budget(grounds, conversation, false, none(grounds), false);
    }

    private Budget(Grounds grounds, String conversation, boolean mayBegin, List<UsageTotals> today, boolean entered) {
        this.grounds = grounds;
        this.conversation = conversation;
        this.mayBegin = mayBegin;
        this.today = List.copyOf(today);
        this.entered = entered;
    }

    private static List<UsageTotals> none(Grounds grounds) {
        return grounds.buckets().stream().map(_ -> UsageTotals.NONE).toList();
    }

    @Override
    public String conversation() {
        return conversation;
    }

    @Override
    public Permissions permissions() {
        return grounds.permissions();
    }

    @Override
    public ConversationBudget continued(String other) {
        return new Budget(grounds, other, true, none(grounds), false);
    }

    @Override
    public boolean mayBegin() {
        return mayBegin;
    }

    @Override
    public Optional<LimitReached> claim() {
        if (grounds.buckets().isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<Verdict> asked = grounds.store()
                .enter(conversation, LimitStore.Entry.CONTINUE, grounds.buckets())
                .toCompletableFuture();
        try {
            return switch (asked.get(CLAIM_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                case Verdict.Granted(List<UsageTotals> sums) -> {
                    entered(sums);
                    yield Optional.empty();
                }
                case Verdict.Denied(Denial denial) -> {
                    grounds.services().denied(denial);
                    Duration wait = denial.retryAfter();
                    yield Optional.of(new LimitReached(denial.sentence(), wait == null ? null : wait.toMillis()));
                }
            };
        } catch (ExecutionException | TimeoutException unavailable) {
            LOG.debugf("a conversation goes on without its place: %s", unavailable.toString());
            entered(today);
            return Optional.empty();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** It has its place; a conversation that has ended meanwhile gives it back. */
    private void entered(List<UsageTotals> sums) {
        boolean late;
        synchronized (this) {
            today = List.copyOf(sums);
            entered = true;
            late = ended;
        }
        if (late) {
            observe(grounds.store()
                    .leave(conversation, LimitStore.Exit.OVER, grounds.buckets(), UsageTotals.NONE)
                    .toCompletableFuture());
        }
    }

    @Override
    public synchronized void takenOver(UsageTotals spent) {
        before = spent;
    }

    @Override
    public synchronized void answeredBy(String model, String setup, long nowNanos) {
        price = grounds.services().price(model);
        if (!answered) {
            answered = true;
            answeredNanos = nowNanos;
            countedNanos = nowNanos;
            toldNanos = nowNanos;
            estimate.begin(setup);
        }
    }

    @Override
    public synchronized void sent(ClientMessage message) {
        estimate.sent(message);
    }

    @Override
    public synchronized void heard(ServerMessage message) {
        estimate.heard(message);
        switch (message) {
            case ServerMessage.Usage usage -> onReport(usage);
            case ServerMessage.TurnComplete turn -> {
                // Counts in the same frame are told as a message of their own.
                if (turn.usage() == null && estimate.open()) {
                    onEstimate(estimate.turn());
                }
            }
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ -> {}
        }
    }

    private void onReport(Usage usage) {
        tokens += tokens(usage) - estimatedTokens;
        microUsd += price.microUsd(usage) - estimatedMicroUsd;
        estimatedTokens = 0;
        estimatedMicroUsd = 0;
        estimate.turnOver();
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
        if (!answered) {
            return null;
        }
        if (nowNanos - countedNanos > UNREPORTED_NANOS && estimate.open()) {
            onEstimate(estimate.part());
        }
        UsageTotals here = here(nowNanos);
        BudgetNotice own = notice(LimitScope.CONVERSATION, grounds.limit(), before.plus(here));
        if (own != null) {
            return own;
        }
        UsageTotals since = here.minus(told);
        for (int i = 0; i < today.size(); i++) {
            Bucket bucket = grounds.buckets().get(i);
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
                    scope == LimitScope.CONVERSATION ? null : grounds.services().untilTomorrow();
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

    private static boolean isMost(long used, long limit) {
        return used >= limit * WARNING_PART;
    }

    private BudgetNotice warning(LimitScope scope, String what, @Nullable Long inMillis) {
        grounds.services().warned(scope);
        String of = scope == LimitScope.CONVERSATION ? "of one conversation" : "of this day";
        return new BudgetNotice.Warning(
                scope.beginning() + " used most of the " + what + " " + of
                        + "; the conversation will end when it is used" + " up.",
                inMillis);
    }

    /** Tells the store what it does not know, when it is time to or there are new tokens. */
    private void report(long nowNanos) {
        CompletableFuture<List<UsageTotals>> asked;
        UsageTotals here;
        synchronized (this) {
            here = here(nowNanos);
            boolean news = here.tokens() != told.tokens() && !failedLately(nowNanos);
            boolean due = nowNanos - toldNanos >= grounds.services().renewalNanos();
            if (grounds.buckets().isEmpty() || !entered || ended || !lastReport.isDone() || !(news || due)) {
                return;
            }
            toldNanos = nowNanos;
            asked = grounds.store()
                    .report(conversation, grounds.buckets(), here.minus(told))
                    .toCompletableFuture();
            lastReport = asked.handle((sums, failure) -> {
                onTold(here, sums, failure);
                return null;
            });
        }
    }

    /** A store that did not answer is asked again with the next renewal, not at once. */
    private boolean failedLately(long nowNanos) {
        return failing && nowNanos - toldNanos < grounds.services().renewalNanos();
    }

    private synchronized void onTold(UsageTotals here, @Nullable List<UsageTotals> sums, @Nullable Throwable failure) {
        failing = failure != null;
        if (sums != null) {
            told = here;
            today = List.copyOf(sums);
        }
    }

    private UsageTotals here(long nowNanos) {
        long millis = answered ? Math.max(0, nowNanos - answeredNanos) / 1_000_000 : 0;
        return new UsageTotals(millis, tokens, Math.round(microUsd));
    }

    @Override
    public synchronized UsageTotals spent(long nowNanos) {
        return before.plus(here(nowNanos));
    }

    @Override
    public void ended(boolean elsewhere, long nowNanos) {
        CompletableFuture<?> onItsWay;
        UsageTotals here;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (!entered || grounds.buckets().isEmpty()) {
                return;
            }
            if (!elsewhere && answered && estimate.open()) {
                // What was said since the last report is billed, too, and no report of it will come.
                onEstimate(estimate.part());
            }
            here = here(nowNanos);
            onItsWay = lastReport;
        }
        // After the report that is on its way: it would renew the leases.
        observe(onItsWay.handle((_, _) -> null).thenCompose(_ -> leave(elsewhere, here)));
    }

    private CompletableFuture<Void> leave(boolean elsewhere, UsageTotals here) {
        UsageTotals rest;
        synchronized (this) {
            rest = here.minus(told);
        }
        return grounds.store()
                .leave(
                        conversation,
                        elsewhere ? LimitStore.Exit.ELSEWHERE : LimitStore.Exit.OVER,
                        grounds.buckets(),
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
