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
 * Another instance's {@link HandoverRoute}. Address and time limits: {@code quarkus.rest-client.peer.*}. Built when
 * used.
 */
@ApplicationScoped
@RegisterRestClient(configKey = "peer")
@Path("/q/livebridge")
interface PeerClient {

    /**
     * Asks for a conversation.
     *
     * @param holder where the instance's management port answers
     * @param request sealed
     * @return a sealed state, not yet read, so that the caller can bound it; any status but 200 is thrown
     */
    @POST
    @Path("/handover")
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.TEXT_PLAIN)
    InputStream handover(@Url String holder, String request);
}
