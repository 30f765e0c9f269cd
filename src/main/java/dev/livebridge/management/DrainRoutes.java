package dev.livebridge.management;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Operator requests.
 *
 * <ul>
 *   <li>{@code POST /q/livebridge/drain}: this instance accepts no new sessions and moves the open ones to others;
 *       answers 202 at once.
 *   <li>{@code POST /q/livebridge/undrain}: this instance accepts sessions again; 202, or 409 if it is shutting down.
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
        LOG.infof("an operator drains this instance: %d sessions move to other instances", sessions.active());
        sessions.startDraining();
        call.response().setStatusCode(202).end();
    }

    private void undrain(RoutingContext call) {
        boolean accepts = sessions.stopDraining();
        if (accepts) {
            LOG.info("an operator has cancelled the drain: this instance accepts sessions");
        }
        call.response().setStatusCode(accepts ? 202 : 409).end();
    }
}
