package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.access.request.TicketRequests;
import dev.livebridge.access.request.TicketRequests.Answer;
import dev.livebridge.json.JsonText;
import dev.livebridge.telemetry.Meters;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/tickets}: a ticket for the caller itself, or, for a caller with the role to mint, for one of its own
 * users. The answer is what the {@code ticket-url} of the page's element expects.
 */
@Path(TicketResource.PATH)
public final class TicketResource {

    static final String PATH = "/api/tickets";

    private final CallerAccess access;
    private final TicketRequests tickets;
    private final OriginPolicy origins;
    private final CurrentIdentityAssociation identity;
    private final Meters meters;

    TicketResource(
            CallerAccess access,
            TicketRequests tickets,
            OriginPolicy origins,
            CurrentIdentityAssociation identity,
            Meters meters) {
        this.access = access;
        this.tickets = tickets;
        this.origins = origins;
        this.identity = identity;
        this.meters = meters;
    }

    /**
     * Issues a ticket.
     *
     * @param body empty, or {@code {"subject","roles"?,"origin"}}
     */
    @POST
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> issue(@Context HttpServerRequest request, String body) {
        String origin = request.getHeader("Origin");
        if (origin != null && !permits(request, origin)) {
            return Uni.createFrom().item(refuse(AccessRefusal.FORBIDDEN));
        }
        return access.decide(request, false, identity::getDeferredIdentity)
                .map(decision -> answer(decision, origin, body));
    }

    private boolean permits(HttpServerRequest request, String origin) {
        return origins.permits(
                origin,
                Objects.requireNonNullElse(request.scheme(), "http"),
                Objects.requireNonNullElse(request.getHeader("Host"), ""));
    }

    private Response answer(AccessDecision decision, @Nullable String origin, String body) {
        return switch (decision) {
            case Refused(AccessRefusal refusal) -> refuse(refusal);
            case Admitted(Caller caller) ->
                switch (tickets.answer(caller, CallerAccess.origin(origin), body)) {
                    case Answer.Issued(String protocol, Duration lifetime) ->
                        json(
                                200,
                                Map.of(),
                                JsonText.object()
                                        .put("protocols", List.of("livebridge", protocol))
                                        .put("expiresInMs", lifetime.toMillis())
                                        .end());
                    case Answer.Denied(AccessRefusal refusal) -> refuse(refusal);
                    case Answer.Malformed(String sentence) -> json(400, Map.of(), error("bad_request", sentence));
                };
        };
    }

    private Response refuse(AccessRefusal refusal) {
        meters.upgradeRejected(refusal.label());
        return json(refusal.status(), AccessCheck.headers(refusal), error(refusal.label(), refusal.sentence()));
    }

    private static String error(String code, String message) {
        String inside =
                JsonText.object().put("code", code).put("message", message).end();
        return JsonText.object().putJson("error", inside).end();
    }

    private static Response json(int status, Map<String, List<String>> headers, String entity) {
        Response.ResponseBuilder response = Response.status(status);
        headers.forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        // Once: AccessCheck's headers have it, too.
        return response.header("Cache-Control", null)
                .header("Cache-Control", "no-store")
                .entity(entity)
                .build();
    }
}
