package dev.livebridge.session;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Overrun;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.memory.ConversationMemory;
import java.util.Map;

/**
 * Ends a session that makes the process keep too much.
 *
 * @param session which
 */
record OverrunHandler(LiveSession session) implements SessionAccount.Owner {

    /**
     * Opens the session's account.
     *
     * @param memory counted in it from now on
     */
    SessionAccount open(SessionServices services, ConversationMemory memory) {
        SessionLimits limits = services.limits();
        SessionAccount account =
                services.account().open(this, limits.memory(), Map.of(Part.QUEUE_DOWN, limits.queueDown()));
        memory.countIn(account);
        return account;
    }

    @Override
    public void onOverrun(Overrun overrun) {
        EndCause cause = switch (overrun.part()) {
            case QUEUE_DOWN, OUTBOUND -> EndCause.SLOW_CONSUMER;
            // Queues that fill the process are a matter of time, whichever way; a session's own excess is not.
            case QUEUE_UP ->
                overrun.bound() == SessionAccount.Bound.PROCESS ? EndCause.SLOW_CONSUMER : EndCause.MEMORY_LIMIT;
            case INBOUND, SETUP, NOTICES, MEMORY -> EndCause.MEMORY_LIMIT;
        };
        String message = switch (overrun.bound()) {
            case PART, SESSION -> cause.sentence();
            case PROCESS -> "The service is out of memory, and this conversation holds most of it.";
        };
        session.end(cause, message);
    }
}
