package dev.livebridge.browser;

import dev.livebridge.access.AccessDecision;
import dev.livebridge.access.AccessDecision.Admitted;
import dev.livebridge.access.AccessDecision.Refused;
import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who the caller is. On our own paths a refusal is an HTTP status; on Gemini's the upgrade is granted and the socket is
 * closed as the service does, because its SDKs read nothing else.
 */
@Singleton
@Priority(CheckPriority.CALLER)
class AccessCheck implements HttpUpgradeCheck {

    /** Who has been admitted. */
    static final TypedKey<Caller> CALLER = new TypedKey<>("livebridge.caller");

    /** Why an upgrade on Gemini's paths is granted only to be closed. */
    static final TypedKey<AccessRefusal> REFUSAL = new TypedKey<>("livebridge.refusal");

    private static final String UNAVAILABLE_RETRY_SECONDS = "30";

    private final CallerAccess access;
    private final Meters meters;

    AccessCheck(CallerAccess access, Meters meters) {
        this.access = access;
        this.meters = meters;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        boolean gemini = context.endpointId().equals(GeminiEndpoint.ID);
        Context loop = Vertx.currentContext();
        return access.decide(context.httpRequest(), gemini, context::securityIdentity)
                .emitOn(command -> resume(loop, command))
                .map(decision -> result(context, decision));
    }

    /** The guard is put into the connection's pipeline on its event loop. */
    static void resume(@Nullable Context loop, Runnable command) {
        if (loop == null || loop.equals(Vertx.currentContext())) {
            command.run();
        } else {
            loop.runOnContext(_ -> command.run());
        }
    }

    private CheckResult result(HttpUpgradeContext context, AccessDecision decision) {
        return switch (decision) {
            case Admitted(Caller caller) -> {
                context.userData().put(CALLER, caller);
                yield CheckResult.permitUpgradeSync();
            }
            case Refused(AccessRefusal refusal) -> refuse(context, refusal, meters);
        };
    }

    /** Refuses an upgrade in the way of its path. */
    static CheckResult refuse(HttpUpgradeContext context, AccessRefusal refusal, Meters meters) {
        meters.upgradeRejected(refusal.label());
        if (context.endpointId().equals(GeminiEndpoint.ID)) {
            context.userData().put(REFUSAL, refusal);
            return CheckResult.permitUpgradeSync();
        }
        return CheckResult.rejectUpgradeSync(refusal.status(), headers(refusal));
    }

    /** What a client can go by: how to show a credential, or when to come back. */
    static Map<String, List<String>> headers(AccessRefusal refusal) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Cache-Control", List.of("no-store"));
        switch (refusal) {
            case MISSING -> headers.put("WWW-Authenticate", List.of("Bearer realm=\"livebridge\""));
            case INVALID, EXPIRED ->
                headers.put(
                        "WWW-Authenticate",
                        List.of("Bearer realm=\"livebridge\", error=\"invalid_token\", error_description=\""
                                + refusal.label() + "\""));
            case AMBIGUOUS ->
                headers.put("WWW-Authenticate", List.of("Bearer realm=\"livebridge\", error=\"invalid_request\""));
            case UNAVAILABLE -> headers.put("Retry-After", List.of(UNAVAILABLE_RETRY_SECONDS));
            case FORBIDDEN, CONCURRENCY, RATE, BUDGET -> {}
        }
        return headers;
    }
}
