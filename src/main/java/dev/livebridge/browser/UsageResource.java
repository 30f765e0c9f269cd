package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.json.JsonText;
import dev.livebridge.limits.CallerLimits;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/usage}: what the caller has used and has left, by its own credential. */
@Path(UsageResource.PATH)
public final class UsageResource {

    static final String PATH = "/api/usage";

    private final CallerAccess access;
    private final CallerLimits limits;
    private final OriginPolicy origins;
    private final CurrentIdentityAssociation identity;

    UsageResource(CallerAccess access, CallerLimits limits, OriginPolicy origins, CurrentIdentityAssociation identity) {
        this.access = access;
        this.limits = limits;
        this.origins = origins;
        this.identity = identity;
    }

    /** Answers 200 with the usage, 401 or 403 to a caller without a right to it, 503 when it can't be asked. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> usage(@Context HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null && !permits(request, origin)) {
            return Uni.createFrom().item(refuse(AccessRefusal.FORBIDDEN));
        }
        return access.decide(request, false, identity::getDeferredIdentity).flatMap(this::answer);
    }

    private boolean permits(HttpServerRequest request, String origin) {
        return origins.permits(
                origin,
                Objects.requireNonNullElse(request.scheme(), "http"),
                Objects.requireNonNullElse(request.getHeader("Host"), ""));
    }

    private Uni<Response> answer(AccessDecision decision) {
        return switch (decision) {
            case Refused(AccessRefusal refusal) -> Uni.createFrom().item(refuse(refusal));
            case Admitted(Caller caller) ->
                Uni.createFrom()
                        .completionStage(() -> limits.usage(caller))
                        .map(found -> found.map(usage -> json(Response.ok(usage.text())))
                                .orElseGet(() -> refuse(AccessRefusal.FORBIDDEN)))
                        .onFailure()
                        .recoverWithItem(() -> refuse(AccessRefusal.UNAVAILABLE));
        };
    }

    private static Response refuse(AccessRefusal refusal) {
        String inside = JsonText.object()
                .put("code", refusal.label())
                .put("message", refusal.sentence())
                .end();
        Response.ResponseBuilder response = Response.status(refusal.status());
        AccessCheck.headers(refusal).forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        return json(response.entity(JsonText.object().putJson("error", inside).end()));
    }

    private static Response json(Response.ResponseBuilder response) {
        // Once: AccessCheck's headers have it, too.
        return response.header("Cache-Control", (@Nullable Object) null)
                .header("Cache-Control", "no-store")
                .build();
    }
}
