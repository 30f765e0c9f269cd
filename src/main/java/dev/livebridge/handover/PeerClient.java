package dev.livebridge.handover;

import io.quarkus.rest.client.reactive.Url;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/**
 * Another instance's {@link ManagementRoutes}. Address and time limits: {@code quarkus.rest-client.peer.*}. Built when
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
     * @param token sealed
     * @return 200 with a sealed state, 404 when it knows nothing of it, 409 when the token is retired
     */
    @POST
    @Path("/handover")
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.TEXT_PLAIN)
    Response handover(@Url String holder, String token);
}
