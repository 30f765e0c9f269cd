package dev.livebridge.session.budget;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.UsageTotals;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A budget without limits, which counts nothing.
 *
 * @param conversation the id
 */
public record Unlimited(String conversation) implements ConversationBudget {

    /** The budget of a conversation with an id of its own. */
    public Unlimited() {
        this(UUID.randomUUID().toString());
    }

    @Override
    public Permissions permissions() {
        return Permissions.ALL;
    }

    @Override
    public ConversationBudget forConversation(String other) {
        return new Unlimited(other);
    }

    @Override
    public boolean mayBegin() {
        return true;
    }

    @Override
    public Optional<LimitReached> claim() {
        return Optional.empty();
    }

    @Override
    public void restrict(UsageLimit limit) {}

    @Override
    public void onResumed(UsageTotals spent) {}

    @Override
    public void onUpstreamReady(String model, String setup, long nowNanos) {}

    @Override
    public void onClientMessage(ClientMessage message) {}

    @Override
    public void onServerMessage(ServerMessage message) {}

    @Override
    public @Nullable BudgetNotice check(long nowNanos) {
        return null;
    }

    @Override
    public long dueInNanos(long nowNanos) {
        return Long.MAX_VALUE;
    }

    @Override
    public UsageTotals spent(long nowNanos) {
        return UsageTotals.NONE;
    }

    @Override
    public void onEnded(boolean moves, long nowNanos) {}
}
