package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.budget.BudgetNotice;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Announces the ends by idleness, duration and budget, and carries them out. When a budget is used up, the model's
 * running reply ends first. Called by the registry's clock.
 */
final class LimitEndings {

    /** A reply that goes on for longer is cut. */
    private static final Duration MAX_REPLY_TIME = Duration.ofSeconds(60);

    private final SessionScope scope;
    private final DownstreamConnection client;
    private BudgetNotice.@Nullable Exhausted exhausted;
    private long exhaustedNanos;

    LimitEndings(SessionScope scope, DownstreamConnection client) {
        this.scope = scope;
        this.client = client;
    }

    /**
     * Does what is due.
     *
     * @param begun whether the conversation has begun
     * @param replying whether the model's turn is open
     */
    void check(long now, boolean begun, boolean replying) {
        IdleAndDurationLimits.Notice expiring =
                scope.credential().check(scope.context().tokens().now());
        IdleAndDurationLimits.Notice notice = expiring == null
                ? scope.timeLimits().check(now, begun && !scope.memory().callPending())
                : expiring;
        if (notice != null) {
            onTimeLimit(notice);
        }
        if (exhausted == null) {
            onBudget(scope.budget().check(now), now);
        }
        if (exhausted != null && (!replying || now - exhaustedNanos > MAX_REPLY_TIME.toNanos())) {
            scope.lifecycle().end(EndCause.BUDGET, exhausted.message(), exhausted.retryAfterMillis());
        }
    }

    /** Time until something is due, unless the conversation goes on before; not positive when that is so now. */
    long dueInNanos(long now) {
        if (exhausted != null || scope.memory().callPending()) {
            return 0;
        }
        return Math.min(
                scope.credential().dueInNanos(scope.context().tokens().now()),
                Math.min(scope.timeLimits().dueInNanos(now), scope.budget().dueInNanos(now)));
    }

    private void onTimeLimit(IdleAndDurationLimits.Notice notice) {
        EndCause cause = notice.cause();
        if (notice.inMillis() == 0) {
            scope.lifecycle().end(cause, cause.sentence());
        } else {
            client.send(new GatewayMessage.Warning(notice.code(), notice.sentence(), notice.inMillis()));
        }
    }

    private void onBudget(@Nullable BudgetNotice notice, long now) {
        switch (notice) {
            case null -> {}
            case BudgetNotice.Warning(String message, Long inMillis) ->
                client.send(new GatewayMessage.Warning(EndCause.BUDGET.label(), message, inMillis));
            case BudgetNotice.Exhausted end -> {
                exhausted = end;
                exhaustedNanos = now;
            }
        }
    }
}
