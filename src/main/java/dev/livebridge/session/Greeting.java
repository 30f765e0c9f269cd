package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.Negotiated;
import java.util.List;

/** Makes the message {@code ready}, the first one that a socket of the client gets. */
final class Greeting {

    private final SessionScope scope;
    private volatile boolean resumed;

    Greeting(SessionScope scope) {
        this.scope = scope;
    }

    /** The client has resumed the session: it gets the transcript from now on. */
    void onResumed() {
        resumed = true;
    }

    /**
     * The message for a client whose conversation begins here.
     *
     * @param remembers what the model knows of the conversation
     */
    GatewayMessage.Ready first(Negotiated negotiated, Memory remembers) {
        return ready(negotiated, remembers, false);
    }

    /**
     * The message for a socket that is attached to a session that is live or rotating.
     *
     * @param answering whether the model's turn is open
     * @return nothing before the model has confirmed the setup; {@link #first} follows then
     */
    List<DownstreamMessage> again(boolean answering) {
        Negotiated negotiated = scope.lifecycle().negotiated();
        return negotiated == null ? List.of() : List.of(ready(negotiated, Memory.RESUMED, answering));
    }

    private GatewayMessage.Ready ready(Negotiated negotiated, Memory remembers, boolean answering) {
        return new GatewayMessage.Ready(
                scope.id(),
                negotiated.backend(),
                negotiated.model(),
                negotiated.shownSetup(),
                negotiated.agent(),
                negotiated.notices(),
                resumed,
                remembers,
                answering,
                resumed && showsTranscripts(negotiated) ? scope.memory().transcript() : List.of());
    }

    private static boolean showsTranscripts(Negotiated negotiated) {
        return negotiated.agent() == null || negotiated.agent().transcripts();
    }
}
