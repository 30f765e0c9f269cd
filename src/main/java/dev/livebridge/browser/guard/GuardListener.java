package dev.livebridge.browser.guard;

import dev.livebridge.message.EndCause;

/** Receives the events of a connection's guard, on the connection's event loop. */
public interface GuardListener {

    /**
     * The client exceeds a rate, for the first time since it last kept it. If it continues, {@link #onViolation}
     * follows.
     *
     * @param sentence for people
     */
    void onExcess(String sentence);

    /**
     * The client has violated a limit. The guard forwards no further data and closes the connection soon, even if the
     * listener does not.
     *
     * @param cause of the session's end
     * @param sentence for people
     */
    void onViolation(EndCause cause, String sentence);

    /**
     * The memory that the connection holds has changed.
     *
     * @param inboundBytes received of an incomplete message
     * @param outboundBytes of pongs that the client has not read
     */
    void onHeld(long inboundBytes, long outboundBytes);
}
