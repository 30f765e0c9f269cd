package dev.livebridge.handover;

import io.quarkus.rest.client.reactive.Url;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/**
 * Client of another instance's {@link HandoverRoute}. Timeouts: {@code quarkus.rest-client.peer.*}. Created on first
 * use.
 */
@ApplicationScoped
@RegisterRestClient(configKey = "peer")
@Path("/q/livebridge")
interface PeerClient {

    /**
     * Requests a session.
     *
     * @param holder address of the instance's management port
     * @param request sealed request
     * @return the sealed state as a stream, so that the caller can limit its size
     * @throws jakarta.ws.rs.WebApplicationException for any status but 200
     */
    @POST
    @Path("/handover")
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.TEXT_PLAIN)
    InputStream handover(@Url String holder, String request);
}
