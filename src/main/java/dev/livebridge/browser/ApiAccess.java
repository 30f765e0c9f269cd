package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.http.OriginPolicy;
import dev.livebridge.json.JsonText;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;

/** The access check and the JSON errors of the resources below {@code /api}. */
@Singleton
final class ApiAccess {

    private final CallerAccess access;
    private final OriginPolicy origins;
    private final CurrentIdentityAssociation identity;

    ApiAccess(CallerAccess access, OriginPolicy origins, CurrentIdentityAssociation identity) {
        this.access = access;
        this.origins = origins;
        this.identity = identity;
    }

    /** Determines the caller of a request. A page whose origin is not allowed is refused, with every credential. */
    Uni<AccessDecision> decide(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null || origins.permits(request, origin)
                ? access.decide(request, false, identity::getDeferredIdentity)
                : Uni.createFrom().item(new AccessDecision.Refused(AccessRefusal.FORBIDDEN));
    }

    /** The response to a refused caller. */
    static Response refuse(AccessRefusal refusal) {
        Response.ResponseBuilder response = Response.status(refusal.status());
        AccessCheck.headers(refusal).forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        return response.entity(error(refusal.label(), refusal.sentence())).build();
    }

    /** The response to an invalid request. */
    static Response badRequest(String message) {
        return respond(Response.status(Response.Status.BAD_REQUEST), error("bad_request", message));
    }

    /** A response with status 200. */
    static Response ok(String json) {
        return respond(Response.ok(), json);
    }

    private static Response respond(Response.ResponseBuilder response, String json) {
        return response.header("Cache-Control", "no-store").entity(json).build();
    }

    private static String error(String code, String message) {
        String error =
                JsonText.object().put("code", code).put("message", message).end();
        return JsonText.object().putJson("error", error).end();
    }
}
