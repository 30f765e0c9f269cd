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
 * Determines the caller of an upgrade. On the service's own paths a refusal is an HTTP status. On Gemini's paths the
 * upgrade succeeds and the socket is closed with Gemini's close code, because Google's SDKs read only that.
 */
@Singleton
@Priority(CheckPriority.CALLER)
class AccessCheck implements HttpUpgradeCheck {

    /** The admitted caller. */
    static final TypedKey<Caller> CALLER = new TypedKey<>("livebridge.caller");

    /** The refusal on Gemini's paths; the socket is closed after the upgrade. */
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

    /** Runs a command on the connection's event loop, where the next checks change its pipeline. */
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

    /** Refuses an upgrade as its path requires. */
    static CheckResult refuse(HttpUpgradeContext context, AccessRefusal refusal, Meters meters) {
        meters.upgradeRejected(refusal.label());
        if (context.endpointId().equals(GeminiEndpoint.ID)) {
            context.userData().put(REFUSAL, refusal);
            return CheckResult.permitUpgradeSync();
        }
        return CheckResult.rejectUpgradeSync(refusal.status(), headers(refusal));
    }

    /** The headers of a refusal: the accepted credential, or the time of the next attempt. */
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
