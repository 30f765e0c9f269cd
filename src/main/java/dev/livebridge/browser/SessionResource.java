package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * {@code GET /api/session}: whether the one who asks may talk, and what to do when not. A browser learns nothing from a
 * refused upgrade, so the page asks here first. Says how the caller is known, never who.
 */
@Path(SessionResource.PATH)
public final class SessionResource {

    static final String PATH = "/api/session";

    private final CallerAccess access;
    private final Login login;
    private final CurrentIdentityAssociation identity;
    private final OriginPolicy origins;
    private final CallerLimits limits;
    private final InstantSource clock = InstantSource.system();

    SessionResource(
            CallerAccess access,
            Login login,
            CurrentIdentityAssociation identity,
            OriginPolicy origins,
            CallerLimits limits) {
        this.access = access;
        this.login = login;
        this.identity = identity;
        this.origins = origins;
        this.limits = limits;
    }

    /** Answers with JSON, 200 also for a caller who is refused: that is what was asked. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> session(@Context HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null && !origins.permits(origin, scheme(request), host(request))) {
            return Uni.createFrom().item(answer(new Refused(AccessRefusal.FORBIDDEN)));
        }
        return access.decide(request, false, identity::getDeferredIdentity)
                .flatMap(this::underRules)
                .map(this::answer);
    }

    /** A caller under no rule may not talk. What the limit store can't say now, the upgrade decides. */
    private Uni<AccessDecision> underRules(AccessDecision decision) {
        return switch (decision) {
            case Refused _ -> Uni.createFrom().item(decision);
            case Admitted(Caller caller) ->
                Uni.createFrom()
                        .completionStage(() -> limits.usage(caller))
                        .map(usage -> usage.isPresent() ? decision : new Refused(AccessRefusal.FORBIDDEN))
                        .onFailure()
                        .recoverWithItem(decision);
        };
    }

    private static String scheme(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.scheme(), "http");
    }

    private static String host(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.getHeader("Host"), "");
    }

    private Response answer(AccessDecision decision) {
        JsonText answer = switch (decision) {
            case Admitted(Caller caller) -> admitted(caller);
            case Refused(AccessRefusal refusal) ->
                JsonText.object()
                        .put("admitted", false)
                        .put("reason", refusal.label())
                        .put("message", refusal.sentence());
        };
        if (login.offered()) {
            answer.put("loginUrl", Login.LOGIN);
        }
        return Response.ok(answer.end()).header("Cache-Control", "no-store").build();
    }

    private JsonText admitted(Caller caller) {
        JsonText answer = JsonText.object()
                .put("admitted", true)
                .put("kind", caller.kind().label())
                .put("ticketUrl", TicketResource.PATH);
        if (access.required()) {
            answer.put("usageUrl", UsageResource.PATH);
        }
        if (caller.expiresAt() != null) {
            answer.put(
                    "expiresInMs",
                    Duration.between(clock.instant(), caller.expiresAt()).toMillis());
        }
        return caller.kind() == CallerKind.PERSON ? answer.put("logoutUrl", Login.LOGOUT) : answer;
    }
}
