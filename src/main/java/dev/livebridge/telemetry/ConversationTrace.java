package dev.livebridge.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * The trace of a conversation on this instance: one span, with a child span for each connection to the model. Where
 * tracing is off it is {@link #NONE}, which does nothing and allocates nothing. Safe to use from any thread.
 *
 * <p>No method takes text from outside: names and labels of closed sets, numbers, and the session's id.
 */
public interface ConversationTrace {

    /** Records nothing. */
    ConversationTrace NONE = new NoopTrace();

    /** While it is open, timers record exemplars with this conversation's trace id. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /** Links the span to another span or request of the conversation; an invalid traceparent is ignored. */
    void follows(@Nullable String traceparent);

    /** The model and its backend are known. */
    void answeredBy(String backend, String model);

    /**
     * Something happened in a turn.
     *
     * @param turn counts the answers of this span
     * @param atNanos when, on {@link System#nanoTime()}
     */
    void at(TurnPoint point, int turn, long atNanos);

    /**
     * A connection to the model is opened. It replaces the previous one and is linked to it.
     *
     * @param memory what the model remembers of the conversation, a label
     */
    void connecting(String memory);

    /** The model has confirmed the setup on the newest connection. */
    void connected();

    /**
     * The connection to the model is closed or lost.
     *
     * @param reason a trigger's label, or {@code over}
     */
    void disconnected(String reason);

    /** Makes the span the source of exemplars on this thread, until the scope is closed. */
    Scope scope();

    /**
     * W3C {@code traceparent} of the span, for the instance that resumes the conversation; {@code null} when there is
     * none.
     */
    @Nullable
    String traceparent();

    /**
     * The conversation is over on this instance.
     *
     * @param cause its label
     * @param dialect the dialect's label
     * @param failed whether the end is an error
     */
    void end(String cause, String dialect, boolean failed);
}
