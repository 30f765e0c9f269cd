package dev.livebridge.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * What a trace says of a conversation on this instance: one span, with a child for each connection to the model. Where
 * tracing is off it is {@link #NONE}, which does nothing and allocates nothing. Safe to use from any thread.
 *
 * <p>Nothing here takes text from outside: names and labels of closed sets, numbers, and the session's id.
 */
public interface ConversationTrace {

    /** Says nothing. */
    ConversationTrace NONE = new NoopTrace();

    /** While it is open, timers record exemplars with this conversation's trace id. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * The conversation goes on from another span, or another request belongs to it; what is no traceparent is ignored.
     */
    void follows(@Nullable String traceparent);

    /** Who answers. */
    void answeredBy(String backend, String model);

    /**
     * Something happened in a turn.
     *
     * @param turn counts the answers of this span
     * @param atNanos when, on {@link System#nanoTime()}
     */
    void at(TurnPoint point, int turn, long atNanos);

    /**
     * A connection to the model is called; it takes the place of the one before, to which it is linked.
     *
     * @param memory what it is to know of the conversation, a label
     */
    void connecting(String memory);

    /** The model has confirmed the setup on the connection that was called. */
    void connected();

    /**
     * The connection to the model is left.
     *
     * @param reason a trigger's label, or {@code over}
     */
    void disconnected(String reason);

    /** Ties what meters record on this thread to the span, until the scope is closed. */
    Scope scope();

    /** W3C {@code traceparent} of the span, for who goes on with the conversation; {@code null} when there is none. */
    @Nullable
    String traceparent();

    /**
     * The conversation is over on this instance.
     *
     * @param cause its label
     * @param dialect the dialect's label
     * @param failed whether somebody should look at it
     */
    void end(String cause, String dialect, boolean failed);
}
