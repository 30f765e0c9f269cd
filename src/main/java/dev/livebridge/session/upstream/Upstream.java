package dev.livebridge.session.upstream;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.queue.WriteCallback;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * An open connection to the model, as the session sees it. Called by the upstream writer only, or for it by the event
 * loop of the socket.
 */
public interface Upstream {

    /**
     * How long to wait for the close of a connection. Gemini answers a close frame at once; the socket of a peer that
     * does not is dropped after a second.
     */
    Duration CLOSE_TIMEOUT = Duration.ofMillis(1_200);

    /** What was negotiated when the connection was opened. */
    Negotiated negotiated();

    /** The event loop of the socket; a task of it must not block. */
    Executor eventLoop();

    /** The first messages after the setup is confirmed: the transcript of a rebuilt session; may be empty. */
    List<ClientMessage> opening();

    /**
     * Fits an update of the context to the model and to what is allowed, like a setup.
     *
     * @param setup the client's setup so far
     * @throws UpstreamRefusedException when the model can't honour it
     */
    ContextChange change(ClientMessage.ContextUpdate update, ClientMessage.Setup setup) throws UpstreamRefusedException;

    /**
     * Encodes a message in Gemini's wire format and writes it.
     *
     * @param message anything but a setup
     * @param callback called exactly once
     */
    void send(ClientMessage message, WriteCallback callback);

    /** Sends a ping; {@link UpstreamListener#onPong} is called with the answer. */
    void ping();

    /** Closes the socket (1000); a second call does nothing. */
    void close();

    /**
     * Waits until the socket is closed. Gemini refuses a handle while the connection that issued it is open
     * (gemini-live-api.md section 1 item 25).
     *
     * @param patience the longest wait
     * @return whether it is closed
     * @throws InterruptedException when the session ends meanwhile
     */
    boolean awaitClosed(Duration patience) throws InterruptedException;
}
