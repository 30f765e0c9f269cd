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
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

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

    /**
     * Answers with JSON, 200 also for a caller who is refused: that is what was asked.
     *
     * @param begins whether the caller is about to begin a conversation, so that its limits count, too; a caller that
     *     resumes one has its place already
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> session(@Context HttpServerRequest request, @RestQuery boolean begins) {
        String origin = request.getHeader("Origin");
        if (origin != null && !origins.permits(origin, scheme(request), host(request))) {
            return Uni.createFrom().item(refused(AccessRefusal.FORBIDDEN, null));
        }
        return access.decide(request, false, identity::getDeferredIdentity)
                .flatMap(decision -> underRules(decision, begins));
    }

    /** A caller under no rule may not talk. What the limit store can't say now, the upgrade decides. */
    private Uni<Response> underRules(AccessDecision decision, boolean begins) {
        return switch (decision) {
            case Refused(AccessRefusal refusal) -> Uni.createFrom().item(refused(refusal, null));
            case Admitted(Caller caller) ->
                Uni.createFrom()
                        .completionStage(() -> limits.forecast(caller))
                        .onFailure()
                        .recoverWithItem(Optional.empty())
                        .map(forecast -> forecast.filter(
                                        refused -> begins || refused.refusal() == AccessRefusal.FORBIDDEN)
                                .map(refused -> refused(refused.refusal(), refused.retryAfter()))
                                .orElseGet(() -> respond(admitted(caller))));
        };
    }

    private static String scheme(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.scheme(), "http");
    }

    private static String host(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.getHeader("Host"), "");
    }

    private Response refused(AccessRefusal refusal, @Nullable Duration retryAfter) {
        JsonText answer = JsonText.object()
                .put("admitted", false)
                .put("reason", refusal.label())
                .put("message", refusal.sentence());
        if (retryAfter != null) {
            answer.put("retryAfterMs", retryAfter.toMillis());
        }
        return respond(answer);
    }

    private Response respond(JsonText answer) {
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
