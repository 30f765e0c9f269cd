package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.UpstreamEnd;
import org.jspecify.annotations.Nullable;

/** The browser side of a session, as the session sees it. Called by the session's down pump only. */
public interface Downstream {

    /** Whether its client takes resume tokens, and comes back with them when the socket breaks. */
    boolean resumable();

    /** W3C {@code traceparent} of the request that opened the socket, as it came; {@code null} without one. */
    @Nullable
    String traceparent();

    /**
     * The origin of the page that opened the socket ({@code scheme://host:port}), {@code none} when no page did. Resume
     * tokens are good for it alone.
     */
    String origin();

    /**
     * Asks the client for a sign that it has received everything written so far. Of no concern when the socket breaks.
     *
     * @param received called at most once, when the sign has come
     */
    void probe(Runnable received);

    /**
     * Encodes a message in the client's dialect and writes it.
     *
     * @param message what to say
     * @param turn the number of its turn on this socket, from 1; of the newest turn if it belongs to none
     * @param callback called exactly once, also when the dialect has no words for the message and nothing is written
     */
    void send(DownstreamMessage message, int turn, WriteCallback callback);

    /**
     * Closes the socket with the cause's close code, or as the dialect's service would; a second call does nothing. If
     * the peer does not answer the close frame in time the connection is dropped.
     *
     * @param cause why
     * @param reason for people, free of secrets; cut to the 123 bytes a close frame holds
     * @param upstream what Gemini or the way to it said, {@code null} when it was not the reason
     * @param closed called once, when the close frame has been written or the socket is gone
     */
    void close(EndCause cause, String reason, @Nullable UpstreamEnd upstream, Runnable closed);
}
