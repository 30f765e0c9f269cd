package dev.livebridge.browser.guard;

import dev.livebridge.message.EndCause;

/** Is told what the guard of a connection finds, on the connection's event loop. */
public interface GuardListener {

    /**
     * The client exceeds a rate for the first time in a while; if it goes on, {@link #onViolation} follows.
     *
     * @param sentence for people
     */
    void onExcess(String sentence);

    /**
     * The client has broken a limit. Nothing that it sends is passed on any more, and the connection is closed soon
     * whether or not the listener does it.
     *
     * @param cause what the ending is called
     * @param sentence for people
     */
    void onViolation(EndCause cause, String sentence);

    /**
     * What the connection holds has changed.
     *
     * @param inboundBytes of the message that has begun to arrive and is not complete
     * @param outboundBytes of the answers to its pings that the client has not read
     */
    void onHeld(long inboundBytes, long outboundBytes);
}
