package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.limits.CallerLimits;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code GET /api/usage}: the usage of the caller and its limits. */
@Path(UsageResource.PATH)
public final class UsageResource {

    static final String PATH = "/api/usage";

    private final ApiAccess access;
    private final CallerLimits limits;

    UsageResource(ApiAccess access, CallerLimits limits) {
        this.access = access;
        this.limits = limits;
    }

    /** Responds 200 with the usage, 401 or 403 to a refused caller, 503 if the limit store does not answer. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> usage(@Context HttpServerRequest request) {
        return access.decide(request).flatMap(this::answer);
    }

    private Uni<Response> answer(AccessDecision decision) {
        return switch (decision) {
            case Refused(AccessRefusal refusal) -> Uni.createFrom().item(ApiAccess.refuse(refusal));
            case Admitted(Caller caller) ->
                Uni.createFrom()
                        .completionStage(() -> limits.usage(caller))
                        .map(found -> found.map(usage -> ApiAccess.ok(usage.text()))
                                .orElseGet(() -> ApiAccess.refuse(AccessRefusal.FORBIDDEN)))
                        .onFailure()
                        .recoverWithItem(() -> ApiAccess.refuse(AccessRefusal.UNAVAILABLE));
        };
    }
}
