package dev.livebridge.session.budget;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.UsageTotals;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one conversation may use, and has used. It is counted under an id that stays the same on every connection and
 * every instance, so a conversation that moves is counted once.
 *
 * <p>Called from the threads of both sockets and from the clock; no method but {@link #claim} blocks.
 */
public interface ConversationBudget {

    /** The id under which the conversation is counted; the session has the same. */
    String conversation();

    /** What the caller may ask for. */
    Permissions permissions();

    /**
     * The budget of the conversation that this caller continues, in place of the one that the socket was admitted with.
     *
     * @param conversation its id
     */
    ConversationBudget forConversation(String conversation);

    /** Whether the caller was admitted to begin a conversation, and not only to continue one. */
    boolean mayBegin();

    /**
     * Takes the conversation's place among the caller's conversations, for one that comes from another instance. Blocks
     * until that is decided; a store that does not answer decides for the conversation.
     *
     * @return why there is no place
     */
    Optional<LimitReached> claim();

    /**
     * Another limit of the conversation holds, too.
     *
     * @param limit of its agent
     */
    void restrict(UsageLimit limit);

    /**
     * The conversation goes on here.
     *
     * @param spent what it has used elsewhere
     */
    void onResumed(UsageTotals spent);

    /**
     * The model answers from now on; time counts.
     *
     * @param setup as it went to the model, JSON
     */
    void onUpstreamReady(String model, String setup, long nowNanos);

    /** A message was written to the model. */
    void onClientMessage(ClientMessage message);

    /** The model said something. */
    void onServerMessage(ServerMessage message);

    /**
     * Compares the time and the usage with the limits. Called soon after a message, and when {@link #dueInNanos} is
     * over.
     *
     * @return a warning, each once, or that a limit is reached; {@code null} when there is nothing to say
     */
    @Nullable
    BudgetNotice check(long nowNanos);

    /**
     * Time until {@link #check} may have something to do, if neither the client nor the model sends a message before.
     *
     * @return in nanoseconds; may be zero or negative; {@link Long#MAX_VALUE} for never
     */
    long dueInNanos(long nowNanos);

    /** What the conversation has used so far, on all instances. */
    UsageTotals spent(long nowNanos);

    /**
     * The conversation is over here; a second call does nothing.
     *
     * @param moves whether it goes on at another instance, which keeps its place
     */
    void onEnded(boolean moves, long nowNanos);
}
