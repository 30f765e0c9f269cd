package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.request.AccessSettings;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.agents.Agents;
import dev.livebridge.json.JsonText;
import dev.livebridge.limits.CallerLimits;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/session}: whether the caller may start a conversation, and the reason if not. A page calls it before
 * the upgrade, because a browser hides the response to a refused upgrade. The response has the kind of the caller, not
 * its subject.
 */
@Path(SessionResource.PATH)
public final class SessionResource {

    static final String PATH = "/api/session";

    private final ApiAccess access;
    private final AccessSettings settings;
    private final Login login;
    private final CallerLimits limits;
    private final AccessRules rules;
    private final Agents agents;
    private final RefusedUpgrade refusedUpgrade;
    private final InstantSource clock = InstantSource.system();

    SessionResource(
            ApiAccess access,
            AccessSettings settings,
            Login login,
            CallerLimits limits,
            AccessRules rules,
            Agents agents,
            RefusedUpgrade refusedUpgrade) {
        this.refusedUpgrade = refusedUpgrade;
        this.rules = rules;
        this.agents = agents;
        this.access = access;
        this.settings = settings;
        this.login = login;
        this.limits = limits;
    }

    /**
     * Responds with JSON and status 200, also for a refused caller.
     *
     * @param begins whether the caller starts a conversation next, so that its limits are checked, too; a resumed
     *     conversation is already counted
     * @param refused whether an upgrade has just been refused, so that origin, address and capacity are checked, too
     * @param origin of the page, if {@code refused}: requests to a page's own origin have no {@code Origin}
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> session(
            @Context HttpServerRequest request,
            @RestQuery boolean begins,
            @RestQuery boolean refused,
            @RestQuery @Nullable String origin) {
        Supplier<Optional<Response>> upgrade = () -> refused
                ? refusedUpgrade
                        .of(request, origin)
                        .map(reason -> refused(reason.code(), reason.sentence(), reason.retryAfter()))
                : Optional.empty();
        return access.decide(request).flatMap(decision -> underRules(decision, begins, upgrade));
    }

    /** Refuses a caller without a rule. If the limit store does not answer, the upgrade checks the limits. */
    private Uni<Response> underRules(AccessDecision decision, boolean begins, Supplier<Optional<Response>> upgrade) {
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
                                .or(upgrade)
                                .orElseGet(() -> respond(admitted(caller))));
        };
    }

    private Response refused(AccessRefusal refusal, @Nullable Duration retryAfter) {
        return refused(refusal.label(), refusal.sentence(), retryAfter);
    }

    private Response refused(String reason, String message, @Nullable Duration retryAfter) {
        JsonText answer =
                JsonText.object().put("admitted", false).put("reason", reason).put("message", message);
        if (retryAfter != null) {
            answer.put("retryAfterMs", retryAfter.toMillis());
        }
        return respond(answer);
    }

    private Response respond(JsonText answer) {
        if (login.offered()) {
            answer.put("loginUrl", Login.LOGIN);
        }
        return ApiAccess.ok(answer.end());
    }

    private JsonText admitted(Caller caller) {
        JsonText answer = JsonText.object()
                .put("admitted", true)
                .put("kind", caller.kind().label())
                .put("ticketUrl", TicketResource.PATH)
                .putJson("agents", agents(caller));
        if (settings.required()) {
            answer.put("usageUrl", UsageResource.PATH);
        }
        if (caller.expiresAt() != null) {
            answer.put(
                    "expiresInMs",
                    Duration.between(clock.instant(), caller.expiresAt()).toMillis());
        }
        return caller.kind() == CallerKind.PERSON ? answer.put("logoutUrl", Login.LOGOUT) : answer;
    }

    /** The agents that the caller may choose, as a JSON list. */
    private String agents(Caller caller) {
        return rules.find(caller).map(rule -> agents.titles(rule.permissions())).stream()
                .flatMap(List::stream)
                .map(agent -> JsonText.object()
                        .put("name", agent.name())
                        .put("title", agent.title())
                        .end())
                .collect(Collectors.joining(",", "[", "]"));
    }
}
