package dev.livebridge.session;

import dev.livebridge.access.Caller;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A socket of the client. Called by the downstream writer only, or for it by the event loop of the socket. */
public interface Downstream {

    /** Whether the client takes resume tokens, and resumes with them when the socket breaks. */
    boolean resumable();

    /** W3C {@code traceparent} of the request that opened the socket, as it came; {@code null} without one. */
    @Nullable
    String traceparent();

    /**
     * The origin of the page that opened the socket ({@code scheme://host:port}), {@code none} when no page did. Resume
     * tokens are valid for this origin only.
     */
    String origin();

    /** Who talks. Resume tokens are good for this caller alone. */
    Caller caller();

    /** The event loop of the socket; a task of it must not block. */
    Executor eventLoop();

    /** What the caller behind the socket may use. */
    ConversationBudget budget();

    /**
     * Asks the client to confirm that it has received everything written so far. There is no answer when the socket
     * breaks.
     *
     * @param received called at most once, when the client has confirmed
     */
    void probe(Runnable received);

    /**
     * Encodes a message in the client's dialect and writes it.
     *
     * @param message the message
     * @param turn the number of its turn on this socket, from 1; of the newest turn if it belongs to none
     * @param callback called exactly once, also when the dialect has no such message and nothing is written
     */
    void send(DownstreamMessage message, int turn, WriteCallback callback);

    /**
     * Closes the socket with the cause's close code, or the dialect's own; a second call does nothing. If the peer does
     * not answer the close frame in time the connection is dropped.
     *
     * @param cause why
     * @param reason for people, free of secrets; cut to the 123 bytes a close frame holds
     * @param upstream the end of the connection to the model, {@code null} when it was not the reason
     * @param closed called once, when the close frame has been written or the socket is gone
     */
    void close(EndCause cause, String reason, @Nullable UpstreamEnd upstream, Runnable closed);
}
