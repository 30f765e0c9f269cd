package dev.livebridge.session.token;

import java.net.URI;

/** The other instances of the service. */
public interface HandoverPeers {

    /**
     * Asks an instance to let go of a conversation. Blocks the calling (virtual) thread for about a second at most.
     *
     * @param holder management address of the instance; from inside a sealed token only
     * @param token a request: the client's token without its memory, sealed anew for a minute in this instance's name
     * @return what became of it
     */
    Handover ask(URI holder, String token);

    /** What an instance says that was asked for a conversation. */
    sealed interface Handover {

        /**
         * It has let go: its connection to the model is closed and its session has ended. Or it had let go before, and
         * the state names who holds the conversation since.
         *
         * @param state a sealed token
         */
        record Released(String state) implements Handover {}

        /**
         * It knows nothing of the conversation, can't read the token, or could not be reached: what the token holds has
         * to do.
         */
        record Unknown() implements Handover {}

        /** A newer token was used, or the conversation is over. */
        record Refused() implements Handover {}
    }
}
