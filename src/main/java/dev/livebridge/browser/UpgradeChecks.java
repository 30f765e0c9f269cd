package dev.livebridge.browser;

import dev.livebridge.http.Peers;
import dev.livebridge.session.EndCause;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is asked before a WebSocket upgrade is granted: who is calling, and whether there is room. */
@Singleton
class UpgradeChecks implements HttpUpgradeCheck {

    /** A full or leaving pod is seldom alone: another one answers at once, this one perhaps later. */
    private static final String RETRY_AFTER_SECONDS = "5";

    private final OriginPolicy origins;
    private final Peers peers;
    private final SessionRegistry sessions;
    private final Meters meters;

    UpgradeChecks(OriginPolicy origins, Peers peers, SessionRegistry sessions, Meters meters) {
        this.origins = origins;
        this.peers = peers;
        this.sessions = sessions;
        this.meters = meters;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        if (!mayConnect(request)) {
            meters.upgradeRejected("origin");
            return CheckResult.rejectUpgrade(403);
        }
        Optional<EndCause> refusal = sessions.refusal();
        if (refusal.isPresent()) {
            meters.upgradeRejected(refusal.get().label());
            return CheckResult.rejectUpgrade(503, Map.of("Retry-After", List.of(RETRY_AFTER_SECONDS)));
        }
        return CheckResult.permitUpgrade();
    }

    /** Browsers always send an {@code Origin}; what comes without one is decided by the connection's peer. */
    private boolean mayConnect(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null
                ? peers.permit(request)
                : origins.permits(
                        origin,
                        Objects.requireNonNullElse(request.scheme(), "http"),
                        Objects.requireNonNullElse(request.getHeader("Host"), ""));
    }
}
