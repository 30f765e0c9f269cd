package dev.livebridge.session.upstream;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.queue.WriteCallback;
import java.time.Duration;
import java.util.List;

/** An open connection to the model, as the session sees it. Called by the session's up pump only. */
public interface Upstream {

    /** What was agreed when the connection was opened. */
    Negotiated negotiated();

    /** What must be said to the model before anything else, once it has confirmed the setup: the story so far. */
    List<ClientMessage> opening();

    /**
     * Fits an update of the context to the model and to what is allowed, as a setup.
     *
     * @param setup the client's setup so far
     * @throws UpstreamRefusedException when it can't be honoured
     */
    ContextChange change(ClientMessage.ContextUpdate update, ClientMessage.Setup setup) throws UpstreamRefusedException;

    /**
     * Encodes a message in Gemini's wire format and writes it.
     *
     * @param message anything but a setup
     * @param callback called exactly once
     */
    void send(ClientMessage message, WriteCallback callback);

    /** Asks the peer for a sign of life; {@link UpstreamListener#onPong} hears it. */
    void ping();

    /** Closes the socket (1000); a second call does nothing. */
    void close();

    /**
     * Waits until the socket is really closed. A handle is refused while the connection that gave it is open
     * (gemini-live-api.md section 1 item 25).
     *
     * @param patience how long to wait at most
     * @return whether it is closed
     * @throws InterruptedException when the session ended meanwhile
     */
    boolean awaitClosed(Duration patience) throws InterruptedException;
}
