package dev.livebridge.browser;

import dev.livebridge.session.EndCause;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.InetAddress;
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
    private final SessionRegistry sessions;
    private final Meters meters;

    UpgradeChecks(OriginPolicy origins, SessionRegistry sessions, Meters meters) {
        this.origins = origins;
        this.sessions = sessions;
        this.meters = meters;
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        HttpServerRequest request = context.httpRequest();
        boolean permitted = origins.permits(
                request.getHeader("Origin"),
                Objects.requireNonNullElse(request.scheme(), "http"),
                request.getHeader("Host"),
                isLoopback(request.remoteAddress()));
        if (!permitted) {
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

    /** The socket's own peer, not a forwarded address: a header must not make a stranger local. */
    private static boolean isLoopback(SocketAddress remote) {
        if (remote == null || remote.hostAddress() == null) {
            return false;
        }
        return InetAddress.ofLiteral(remote.hostAddress()).isLoopbackAddress();
    }
}
