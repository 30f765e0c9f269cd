package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Overrun;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.memory.ConversationMemory;
import java.util.Map;

/**
 * Ends a session that exceeds a memory bound.
 *
 * @param lifecycle of the session
 */
record OverrunHandler(SessionLifecycle lifecycle) implements SessionAccount.Owner {

    /**
     * Opens the session's account.
     *
     * @param memory is counted in the account from now on
     */
    SessionAccount open(SessionContext context, ConversationMemory memory) {
        SessionLimits limits = context.limits();
        SessionAccount account =
                context.account().open(this, limits.memory(), Map.of(Part.QUEUE_DOWN, limits.queueDown()));
        memory.countIn(account);
        return account;
    }

    @Override
    public void onOverrun(Overrun overrun) {
        EndCause cause = switch (overrun.part()) {
            case QUEUE_DOWN, OUTBOUND -> EndCause.SLOW_CONSUMER;
            // A full process is temporary, so the client may try again; the excess of one session is not.
            case QUEUE_UP ->
                overrun.bound() == SessionAccount.Bound.PROCESS ? EndCause.SLOW_CONSUMER : EndCause.MEMORY_LIMIT;
            case INBOUND, SETUP, NOTICES, MEMORY -> EndCause.MEMORY_LIMIT;
        };
        String message = switch (overrun.bound()) {
            case PART, SESSION -> cause.sentence();
            case PROCESS -> "The service is out of memory, and this conversation holds most of it.";
        };
        lifecycle.end(cause, message);
    }
}
