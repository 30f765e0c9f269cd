package dev.livebridge.agents;

import dev.livebridge.message.EndCause;
import java.io.Serial;

/** A conversation gets no agent. */
public final class AgentRefusedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final EndCause cause;
    private final String sentence;

    /**
     * A refusal.
     *
     * @param cause with which the conversation ends
     * @param sentence for the developer of the client
     */
    public AgentRefusedException(EndCause cause, String sentence) {
        super(sentence, null, false, false);
        this.cause = cause;
        this.sentence = sentence;
    }

    /** The cause with which the conversation ends. */
    public EndCause endCause() {
        return cause;
    }

    /** Why, for the developer of the client; shows nothing of the agent but its name and its variables. */
    public String sentence() {
        return sentence;
    }
}
