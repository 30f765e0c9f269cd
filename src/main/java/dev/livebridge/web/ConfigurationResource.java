package dev.livebridge.web;

import dev.livebridge.http.OriginPolicy;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * {@code GET /live/config}: the configuration that the page at {@code /} has embedded, for the element on pages of
 * other origins.
 */
@Path(ConfigurationResource.PATH)
public final class ConfigurationResource {

    static final String PATH = "/live/config";

    /** A page can read it: with an answer that the browser hides, it could not tell its user what is wrong. */
    private static final String REFUSAL = """
            {"error":{"code":"origin","message":"livebridge.browser.allowed-origins does not have the origin of this page."}}""";

    private final PageConfigurations configurations;
    private final OriginPolicy origins;

    ConfigurationResource(PageConfigurations configurations, OriginPolicy origins) {
        this.configurations = configurations;
        this.origins = origins;
    }

    /** Responds 200 with the configuration, 403 to a page whose origin may not connect. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response configuration(@Context HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        Response.ResponseBuilder answer = origin == null || origins.permits(request, origin)
                ? Response.ok(configurations.embedded())
                : Response.status(Response.Status.FORBIDDEN).entity(REFUSAL);
        return answer.header("Access-Control-Allow-Origin", "*")
                .header("Cache-Control", "no-store")
                .header("Vary", "Origin")
                .build();
    }
}
