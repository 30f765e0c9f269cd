package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;

/** An open connection to the model, as the session sees it. Called by the session's up pump only. */
public interface Upstream {

    /** What was agreed when the connection was opened. */
    Negotiated negotiated();

    /**
     * Encodes a message in Gemini's wire format and writes it.
     *
     * @param message anything but a setup
     * @param callback called exactly once
     */
    void send(ClientMessage message, WriteCallback callback);

    /** Closes the socket (1000); a second call does nothing. */
    void close();
}
