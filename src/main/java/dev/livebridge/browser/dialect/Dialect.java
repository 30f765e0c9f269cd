package dev.livebridge.browser.dialect;

import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format spoken to clients. Stateless, shared by all sessions and threads. */
public interface Dialect {

    /** The metric label, lower case. */
    String label();

    /** Whether its clients receive resume tokens and can resume with them. */
    default boolean resumable() {
        return false;
    }

    /**
     * Whether an invalid frame ends the session; otherwise the client gets an error message and the session continues.
     */
    default boolean badInputIsFatal() {
        return false;
    }

    /** Whether an audio chunk may end in the middle of a sample and the next chunk begins with the rest of it. */
    default boolean cutsSamples() {
        return false;
    }

    /** Whether the close frame alone carries the reason for the end of a session, as at Gemini. */
    default boolean endsByCloseFrameOnly() {
        return false;
    }

    /**
     * Reads the first frame of a session, which begins with a setup, or with a resume where the dialect has one.
     *
     * @param text a text frame, or a binary frame's bytes as UTF-8
     * @return a {@link ClientMessage.Setup} or {@link ClientMessage.Resume}, then the other messages of the frame
     * @throws BadInputException when it is not JSON or its setup is malformed
     */
    List<ClientMessage> decodeFirst(String text) throws BadInputException;

    /**
     * Reads any later frame that holds JSON.
     *
     * @param text a text frame, or a binary frame's bytes as UTF-8
     * @return its messages, in order; may be empty
     * @throws BadInputException naming the fault; it holds the valid messages of the frame
     */
    List<ClientMessage> decode(String text) throws BadInputException;

    /**
     * Reads a later frame if it holds only media. Fast enough for an event loop at any size.
     *
     * @return its chunks in order, {@code null} if {@link #decode(String)} must read it
     */
    default @Nullable List<ClientMessage> decodeMedia(Utf8Slice payload) {
        return MediaFastPath.read(payload);
    }

    /** Whether a later binary frame holds JSON. Otherwise {@link #decode(byte[])} is fast enough for an event loop. */
    default boolean binaryIsJson() {
        return true;
    }

    /**
     * Reads a later binary frame. Most dialects take it for JSON.
     *
     * @param data the frame's bytes
     */
    List<ClientMessage> decode(byte[] data) throws BadInputException;

    /**
     * An encoder for one socket's downstream messages. It is called in their order, by one thread at a time.
     *
     * @param startedNanos {@link System#nanoTime()} at the session's start; times in messages count from it
     */
    Encoder newEncoder(long startedNanos);

    /** Encodes messages as frames. Stateful: one per socket. */
    @FunctionalInterface
    interface Encoder {

        /**
         * Encodes one message.
         *
         * @param turn the number of its turn, from 1; of the newest turn if it belongs to none
         * @return the frame, {@code null} if the dialect has no frame for this message
         */
        @Nullable
        OutboundFrame encode(DownstreamMessage message, int turn);
    }
}
