package dev.livebridge.browser.dialect;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A wire format spoken to clients. Stateless, shared by all sessions and threads. */
public interface Dialect {

    /** The metric label, lower case. */
    String label();

    /** Whether its clients take resume tokens and come back with them. */
    default boolean resumable() {
        return false;
    }

    /** Whether a frame that can't be understood ends the session; otherwise the client is told and goes on. */
    default boolean badInputIsFatal() {
        return false;
    }

    /** Whether a chunk of sound may end in the middle of a sample, whose rest begins the next chunk. */
    default boolean cutsSamples() {
        return false;
    }

    /** Whether its clients learn from the close frame alone why a session ends, as they do from Gemini. */
    default boolean endsByCloseFrameOnly() {
        return false;
    }

    /**
     * Reads the first frame of a session, which begins with a setup, or with a resume where the dialect has one.
     *
     * @param text a text frame, or a binary frame's bytes as UTF-8
     * @return a {@link ClientMessage.Setup} or {@link ClientMessage.Resume}, and after it whatever else the frame
     *     carried
     * @throws BadInputException when it is not JSON or its setup is malformed
     */
    List<ClientMessage> decodeFirst(String text) throws BadInputException;

    /**
     * Reads any later frame that holds JSON.
     *
     * @param text a text frame, or a binary frame's bytes as UTF-8
     * @return what it carried, in order; empty when there is nothing to pass on
     * @throws BadInputException naming what is wrong; whatever the frame held before the fault is in the exception
     */
    List<ClientMessage> decode(String text) throws BadInputException;

    /**
     * Reads a later frame if it holds media and nothing else, in a time that does not matter on an event loop whatever
     * its size.
     *
     * @return its chunks in order, {@code null} when {@link #decode(String)} has to read it
     */
    default @Nullable List<ClientMessage> decodeMedia(String text) {
        return MediaFastPath.read(text);
    }

    /**
     * Whether a later binary frame holds JSON. Otherwise {@link #decode(byte[])} reads it in a time that does not
     * matter on an event loop.
     */
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
     * A writer for one socket's downstream messages, which it sees in order and from one thread at a time.
     *
     * @param startedNanos {@link System#nanoTime()} at the session's start, the zero of its clock
     */
    Encoder newEncoder(long startedNanos);

    /** Turns messages into frames. It may keep state, so each socket has its own. */
    @FunctionalInterface
    interface Encoder {

        /**
         * Writes one message.
         *
         * @param turn the number of its turn, from 1; of the newest turn if it belongs to none
         * @return the frame, {@code null} when the dialect has no words for it
         */
        @Nullable
        OutboundFrame encode(DownstreamMessage message, int turn);
    }
}
