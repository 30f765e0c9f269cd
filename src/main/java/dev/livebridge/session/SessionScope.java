package dev.livebridge.session;

import dev.livebridge.access.rules.UsageLimit;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.ClientTokens;
import dev.livebridge.session.token.TokenOwner;
import dev.livebridge.session.turn.TurnClock;
import dev.livebridge.telemetry.ConversationTrace;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of one session share: its state, its records and its bounds. Nothing in it reads or writes a socket,
 * so no part reaches another part through it.
 *
 * @param id of the session
 * @param events the events that may change the session's deadlines
 * @param context shared by all sessions
 * @param lifecycle the session's state; every part may end the session
 * @param account the memory that the session keeps
 * @param memory what of the conversation outlives its connections
 * @param tokens the client's resume tokens
 * @param turnClock the time stamps of turns
 * @param budget what the conversation may use
 * @param timeLimits idle timeout and maximum duration
 * @param credential the caller, and the end of its credential
 * @param recorder counts and times what is relayed
 * @param trace the session's spans
 * @param startedNanos when the session began
 */
record SessionScope(
        String id,
        EventFlag events,
        SessionContext context,
        SessionLifecycle lifecycle,
        SessionAccount account,
        ConversationMemory memory,
        ClientTokens tokens,
        TurnClock turnClock,
        ConversationBudget budget,
        IdleAndDurationLimits timeLimits,
        CredentialExpiry credential,
        RelayRecorder recorder,
        ConversationTrace trace,
        long startedNanos) {

    /**
     * The scope of a session that begins.
     *
     * @param dialect the dialect's metric label
     * @param downstream the client's first socket
     * @param budget of the conversation
     * @param memory what is known of the conversation already
     */
    static SessionScope of(
            SessionLifecycle lifecycle,
            EventFlag events,
            String id,
            String dialect,
            Downstream downstream,
            ConversationBudget budget,
            ConversationMemory memory,
            SessionContext context) {
        long now = context.now();
        ConversationTrace trace = context.tracing().begin(id, downstream.traceparent());
        TurnClock turnClock = new TurnClock(context.meters().turns(), trace);
        return new SessionScope(
                id,
                events,
                context,
                lifecycle,
                new OverrunHandler(lifecycle).open(context, memory),
                memory,
                new ClientTokens(id, context.tokens(), memory, trace, owner(downstream), budget),
                turnClock,
                budget,
                new IdleAndDurationLimits(context.limits(), budget.permissions().maxDuration(), now),
                new CredentialExpiry(downstream.caller(), context.limits()),
                new RelayRecorder(context.meters().relay(dialect), trace, turnClock, budget, now),
                trace,
                now);
    }

    /** Whose the resume tokens of a socket's client are. */
    static TokenOwner owner(Downstream socket) {
        return new TokenOwner(socket.origin(), socket.caller().tokenSubject());
    }

    /** As {@link System#nanoTime()}. */
    long now() {
        return context.now();
    }

    /** The setup has arrived. */
    void onSetup(ClientMessage.Setup setup) {
        memory.onSetup(setup);
        limit(setup.agent());
    }

    /** The conversation continues from a token. */
    void adopt(ResumeToken token) {
        memory.adopt(new ConversationMemory.Snapshot(token.setup(), token.model(), token.handle(), token.transcript()));
        limit(token.setup().agent());
    }

    /** An agent has limits of its own for each conversation. */
    private void limit(@Nullable AgentSetup agent) {
        if (agent != null) {
            AgentSetup.Limits limits = agent.limits();
            budget.restrict(new UsageLimit(null, limits.tokens(), limits.microUsd()));
            timeLimits.restrict(limits.maxDuration());
        }
    }

    /** The user or the model has said or done something: the idle timeout begins again. */
    void onActivity() {
        timeLimits.onActivity(now());
    }
}
