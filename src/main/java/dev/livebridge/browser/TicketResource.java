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

/**
 * {@code POST /api/tickets}: issues a ticket for the caller, or for a user of a caller with the role
 * {@code livebridge.access.ticket-role}. The {@code ticket-url} of the page's element expects this response.
 */
@Path(TicketResource.PATH)
public final class TicketResource {

    static final String PATH = "/api/tickets";

    private final ApiAccess access;
    private final TicketRequests tickets;
    private final Meters meters;

    TicketResource(ApiAccess access, TicketRequests tickets, Meters meters) {
        this.access = access;
        this.tickets = tickets;
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
        String origin = CallerAccess.origin(request.getHeader("Origin"));
        return access.decide(request).map(decision -> answer(decision, origin, body));
    }

    private Response answer(AccessDecision decision, String origin, String body) {
        return switch (decision) {
            case Refused(AccessRefusal refusal) -> refuse(refusal);
            case Admitted(Caller caller) ->
                switch (tickets.answer(caller, origin, body)) {
                    case Answer.Issued(String protocol, Duration lifetime) ->
                        ApiAccess.ok(JsonText.object()
                                .put("protocols", List.of("livebridge", protocol))
                                .put("expiresInMs", lifetime.toMillis())
                                .end());
                    case Answer.Denied(AccessRefusal refusal) -> refuse(refusal);
                    case Answer.Malformed(String sentence) -> ApiAccess.badRequest(sentence);
                };
        };
    }

    private Response refuse(AccessRefusal refusal) {
        meters.upgradeRejected(refusal.label());
        return ApiAccess.refuse(refusal);
    }
}
