package dev.livebridge.handover;

import dev.livebridge.session.Peers;
import jakarta.inject.Singleton;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/** Asks other instances for conversations. */
@Singleton
class PeerInstances implements Peers {

    private static final Logger LOG = Logger.getLogger(PeerInstances.class);

    private final PeerClient client;

    PeerInstances(@RestClient PeerClient client) {
        this.client = client;
    }

    @Override
    public Handover ask(URI holder, String token) {
        try (Response response = client.handover(holder.toString(), token)) {
            return new Handover.Released(response.readEntity(String.class));
        } catch (WebApplicationException answer) {
            return answer.getResponse().getStatus() == Response.Status.CONFLICT.getStatusCode()
                    ? new Handover.Refused()
                    : new Handover.Unknown();
        } catch (ProcessingException unreachable) {
            // An instance that died is the reason why its clients come here; what the token holds has to do.
            LOG.debugf("an instance did not answer: %s", unreachable.toString());
            return new Handover.Unknown();
        }
    }
}
