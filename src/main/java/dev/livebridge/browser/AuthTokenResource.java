package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.access.request.EphemeralTokens;
import dev.livebridge.access.rules.AccessRules;
import dev.livebridge.access.rules.Rule;
import dev.livebridge.browser.dialect.BadInputException;
import dev.livebridge.http.GeminiRestPaths;
import dev.livebridge.json.JsonText;
import dev.livebridge.limits.CallerLimits;
import dev.livebridge.limits.LimitDecision;
import dev.livebridge.limits.TokenUses;
import dev.livebridge.resumption.AuthTokenSealer;
import dev.livebridge.telemetry.Meters;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1alpha/auth_tokens} and the same for the other versions: an ephemeral token in Google's form
 * (gemini-live-api.md section 2.3), for a caller with the role to issue tokens.
 */
@Path("/{version:v1(?:alpha)?(?:beta)?}/auth_tokens")
public final class AuthTokenResource {

    private static final String OPEN =
            "This service asks for no credentials (livebridge.access.mode=open), so it issues no tokens.";
    private static final String TOO_LARGE = "The locked setup is too large: the token would have more than "
            + AuthTokenSealer.MAX_CHARACTERS + " characters, which browsers send in the query. Lock a shorter system"
            + " instruction and fewer tools.";

    private final RestCallers callers;
    private final EphemeralTokens tokens;
    private final TokenUses uses;
    private final AccessRules rules;
    private final CallerLimits limits;
    private final Meters meters;
    private final InstantSource clock = InstantSource.system();

    AuthTokenResource(
            RestCallers callers,
            EphemeralTokens tokens,
            TokenUses uses,
            AccessRules rules,
            CallerLimits limits,
            Meters meters) {
        this.callers = callers;
        this.tokens = tokens;
        this.uses = uses;
        this.rules = rules;
        this.limits = limits;
        this.meters = meters;
    }

    /**
     * Issues a token.
     *
     * @param body an {@code AuthToken}, may be empty
     * @return 200 with {@code {"name"}}; 400, 401, 403, 429 or 503 in Google's shape
     */
    @POST
    public Uni<Response> create(@Context HttpServerRequest request, @Nullable String body) {
        if (!GeminiRestPaths.serve(request)) {
            return Uni.createFrom().item(GoogleAnswer.notFound("Requested entity was not found."));
        }
        boolean key = RestCallers.showsKey(request);
        return callers.decide(request).flatMap(decision -> switch (decision) {
            case Refused(AccessRefusal refusal) -> refuse(refusal, key);
            case Admitted(Caller caller) -> issue(caller, body == null ? "" : body);
        });
    }

    private Uni<Response> issue(Caller caller, String body) {
        if (!callers.required()) {
            return Uni.createFrom().item(GoogleAnswer.forbidden(OPEN));
        }
        Optional<Rule> rule = rules.find(caller);
        if (!tokens.mayIssue(caller) || rule.isEmpty()) {
            return refuse(AccessRefusal.FORBIDDEN, true);
        }
        AuthTokenRequest wanted;
        try {
            wanted = AuthTokenRequest.read(body, clock.instant());
        } catch (BadInputException e) {
            return Uni.createFrom().item(GoogleAnswer.badRequest(String.valueOf(e.getMessage())));
        }
        Caller issuer = caller.under(rule.get().name());
        return Uni.createFrom()
                .completionStage(() -> limits.forecast(issuer))
                .flatMap(denied -> denied.map(LimitDecision.Refused::refusal)
                        .filter(refusal -> refusal == AccessRefusal.BUDGET)
                        .map(refusal -> refuse(refusal, true))
                        .orElseGet(() -> Uni.createFrom().item(issue(issuer, wanted))))
                .onFailure()
                .recoverWithUni(() -> refuse(AccessRefusal.UNAVAILABLE, true));
    }

    private Response issue(Caller issuer, AuthTokenRequest wanted) {
        Instant expiresAt = wanted.expiresAt();
        Instant end = issuer.expiresAt();
        if (expiresAt != null && end != null && expiresAt.isAfter(end)) {
            return GoogleAnswer.badRequest("expireTime is later than the end of the credential that asks.");
        }
        if (expiresAt == null) {
            Instant usual = clock.instant().plus(AuthTokenRequest.DEFAULT_LIFE);
            expiresAt = end != null && end.isBefore(usual) ? end : usual;
        }
        TokenGrant grant = new TokenGrant(
                UUID.randomUUID().toString(),
                uses.instance(),
                wanted.uses(),
                wanted.startsUntil(),
                wanted.setup(),
                wanted.mask());
        return tokens.issue(issuer, expiresAt, grant)
                .map(name -> GoogleAnswer.ok(JsonText.object().put("name", name).end()))
                .orElseGet(() -> GoogleAnswer.badRequest(TOO_LARGE));
    }

    private Uni<Response> refuse(AccessRefusal refusal, boolean key) {
        meters.upgradeRejected(refusal.label());
        return Uni.createFrom().item(GoogleAnswer.refused(refusal, key));
    }
}
