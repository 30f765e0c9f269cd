package dev.livebridge.session.token;

import java.net.URI;

/** Asks the other instances of the service for sessions. */
public interface HandoverPeers {

    /**
     * Asks an instance to release a session. Blocks the calling (virtual) thread for about a second at most.
     *
     * @param holder management address of the instance; from inside a sealed token only
     * @param token the request: the client's token without its memory, sealed by this instance, valid for a minute
     * @return the answer
     */
    Handover ask(URI holder, String token);

    /** The answer of an instance. */
    sealed interface Handover {

        /**
         * The instance has released the session: its connection to the model is closed and the session has ended. Or it
         * had released it before, and the state names the instance that has it since.
         *
         * @param state a sealed token
         */
        record Released(String state) implements Handover {}

        /**
         * The instance does not know the session, can't open the token, or can't be reached: the session continues from
         * the client's token alone.
         */
        record Unknown() implements Handover {}

        /** A newer token was used, or the session has ended for good. */
        record Refused() implements Handover {}
    }
}
