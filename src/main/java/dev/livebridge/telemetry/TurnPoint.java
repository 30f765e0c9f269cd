package dev.livebridge.telemetry;

import java.util.Locale;

/** What happens in a turn, in the order in which it does; events of a conversation's span. */
public enum TurnPoint {
    /** The user was done. */
    END_OF_INPUT,
    /** The question, or its last piece, was written to the model. */
    WRITTEN_UPSTREAM,
    /** The model's answer began with a message of any kind. */
    FIRST_UPSTREAM_BYTE,
    /** Its first sound or text arrived. */
    FIRST_UPSTREAM_AUDIO,
    /** That was written to the client. */
    WRITTEN_DOWNSTREAM,
    /** The user spoke over the answer. */
    INTERRUPTED,
    /** The model's turn is over, or the connection it was on. */
    TURN_COMPLETE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The event's name, behind {@code livebridge.turn.}. */
    public String label() {
        return label;
    }
}
