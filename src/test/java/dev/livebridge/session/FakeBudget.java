package dev.livebridge.session;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.budget.BudgetNotice;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.budget.LimitReached;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A budget that says what the test tells it to, and remembers what it was told. */
final class FakeBudget implements ConversationBudget {

    final Queue<BudgetNotice> notices = new ConcurrentLinkedQueue<>();
    final List<ClientMessage> clientMessages = new CopyOnWriteArrayList<>();
    final List<ServerMessage> serverMessages = new CopyOnWriteArrayList<>();
    final List<FakeBudget> successors = new CopyOnWriteArrayList<>();
    final List<Boolean> ended = new CopyOnWriteArrayList<>();
    volatile UsageTotals spent = UsageTotals.NONE;
    volatile boolean mayBegin = true;
    volatile Permissions permissions = Permissions.ALL;
    volatile @Nullable LimitReached limitReached;
    volatile @Nullable String model;
    volatile UsageLimit limit = UsageLimit.NONE;
    private final String conversation;

    FakeBudget(String conversation) {
        this.conversation = conversation;
    }

    @Override
    public String conversation() {
        return conversation;
    }

    @Override
    public Permissions permissions() {
        return permissions;
    }

    @Override
    public ConversationBudget forConversation(String other) {
        FakeBudget successor = new FakeBudget(other);
        successor.limitReached = limitReached;
        successors.add(successor);
        return successor;
    }

    @Override
    public void restrict(UsageLimit other) {
        limit = limit.and(other);
    }

    @Override
    public boolean mayBegin() {
        return mayBegin;
    }

    @Override
    public Optional<LimitReached> claim() {
        return Optional.ofNullable(limitReached);
    }

    @Override
    public void onResumed(UsageTotals before) {
        spent = before;
    }

    @Override
    public void onUpstreamReady(String answering, String setup, long nowNanos) {
        model = answering;
    }

    @Override
    public void onClientMessage(ClientMessage message) {
        clientMessages.add(message);
    }

    @Override
    public void onServerMessage(ServerMessage message) {
        serverMessages.add(message);
    }

    @Override
    public @Nullable BudgetNotice check(long nowNanos) {
        return notices.poll();
    }

    @Override
    public long dueInNanos(long nowNanos) {
        return notices.isEmpty() ? Long.MAX_VALUE : 0;
    }

    @Override
    public UsageTotals spent(long nowNanos) {
        return spent;
    }

    @Override
    public void onEnded(boolean moves, long nowNanos) {
        ended.add(moves);
    }
}
