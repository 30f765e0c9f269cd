package dev.livebridge.limits;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.session.budget.ConversationBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a caller may have one more conversation. */
public sealed interface LimitDecision {

    /**
     * It may.
     *
     * @param budget counts it; ends when the socket or the conversation does
     */
    record Admitted(ConversationBudget budget) implements LimitDecision {}

    /**
     * It may not.
     *
     * @param refusal why
     * @param retryAfter when it may again, {@code null} when that is not a matter of time alone
     */
    record Refused(AccessRefusal refusal, @Nullable Duration retryAfter) implements LimitDecision {}
}
