package dev.livebridge.session.upstream;

import dev.livebridge.message.ServerMessage;
import java.util.List;

/**
 * The events of a connection to the model. Calls come one after the other, in the order of the wire, and must not
 * block.
 */
public interface UpstreamListener {

    /**
     * One frame arrived.
     *
     * @param messages its messages, in order; may be empty
     * @param bytes the frame's length on the wire
     * @param receivedNanos {@link System#nanoTime()} at which the frame's callback began
     */
    void onMessages(List<ServerMessage> messages, int bytes, long receivedNanos);

    /**
     * The peer has answered a ping.
     *
     * @param receivedNanos {@link System#nanoTime()} at which it did
     */
    void onPong(long receivedNanos);

    /**
     * The connection is closed; no event follows. Not called when the session itself closed it.
     *
     * @param end why
     */
    void onClosed(UpstreamEnd end);
}
