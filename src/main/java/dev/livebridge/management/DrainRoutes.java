package dev.livebridge.management;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What an operator may change.
 *
 * <ul>
 *   <li>{@code POST /q/livebridge/drain}: this instance takes no new conversations and moves those it has; answers 202
 *       at once.
 *   <li>{@code POST /q/livebridge/undrain}: it takes conversations again; 202, or 409 when the process is stopping.
 * </ul>
 */
@Singleton
final class DrainRoutes {

    private static final Logger LOG = Logger.getLogger(DrainRoutes.class);

    private final SessionRegistry sessions;
    private final OperatorAccess operators;

    DrainRoutes(SessionRegistry sessions, OperatorAccess operators) {
        this.sessions = sessions;
        this.operators = operators;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .post("/q/livebridge/drain")
                .handler(operators::check)
                .handler(this::drain);
        management
                .router()
                .post("/q/livebridge/undrain")
                .handler(operators::check)
                .handler(this::undrain);
    }

    private void drain(RoutingContext call) {
        LOG.infof("an operator drains this instance: %d conversations move to others", sessions.active());
        sessions.startDraining();
        call.response().setStatusCode(202).end();
    }

    private void undrain(RoutingContext call) {
        boolean stays = sessions.stopDraining();
        if (stays) {
            LOG.info("an operator has taken the drain back: this instance takes conversations");
        }
        call.response().setStatusCode(stays ? 202 : 409).end();
    }
}
