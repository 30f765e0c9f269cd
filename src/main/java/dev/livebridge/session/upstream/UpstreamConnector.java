package dev.livebridge.session.upstream;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.WithoutPictures;
import dev.livebridge.session.memory.Continuation;
import java.util.concurrent.Executor;

/** Opens connections to the model. */
public interface UpstreamConnector {

    /**
     * Fits the setup to the model, connects and sends it. Blocks the calling (virtual) thread until the socket is open
     * and the setup is written; {@code setupComplete} arrives later through the listener.
     *
     * @param setup the client's setup, not yet fitted
     * @param permissions what the client may ask for
     * @param continuation what the model must know of the conversation
     * @param eventLoop of the client's socket; the connection uses the same one where that is possible
     * @param listener gets the model's messages, in order, on a thread that must not be blocked
     * @return the connection
     * @throws UpstreamRefusedException when the setup can't be honoured or the service can't be reached in time
     * @throws InterruptedException when the session ends meanwhile; a socket that opens later is closed at once
     */
    Upstream connect(
            ClientMessage.Setup setup,
            Permissions permissions,
            Continuation continuation,
            Executor eventLoop,
            UpstreamListener listener)
            throws UpstreamRefusedException, InterruptedException;

    /** Removes the pictures and videos of a message, whose JSON only the model's side can read. */
    WithoutPictures withoutPictures(ClientMessage message);
}
