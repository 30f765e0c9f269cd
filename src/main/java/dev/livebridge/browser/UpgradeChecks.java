package dev.livebridge.browser;

import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.http.OriginPolicy;
import dev.livebridge.http.Peers;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;

/** Checks the origin of an upgrade request. {@link CapacityCheck} checks the limits afterwards. */
@Singleton
@Priority(CheckPriority.ORIGIN)
class UpgradeChecks implements HttpUpgradeCheck {

    private final OriginPolicy origins;
    private final Peers peers;
    private final CallerAccess access;
    private final Meters meters;

    UpgradeChecks(OriginPolicy origins, Peers peers, CallerAccess access, Meters meters) {
        this.origins = origins;
        this.peers = peers;
        this.access = access;
        this.meters = meters;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        if (!mayConnect(request)) {
            meters.upgradeRejected("origin");
            return CheckResult.rejectUpgrade(403);
        }
        return CheckResult.permitUpgrade();
    }

    /**
     * Browsers always send an {@code Origin}. For a request without one the credential decides if credentials are
     * required, else the connection's peer.
     */
    private boolean mayConnect(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null ? access.required() || peers.permit(request) : origins.permits(request, origin);
    }
}
