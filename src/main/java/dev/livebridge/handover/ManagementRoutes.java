package dev.livebridge.handover;

import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.Peers.Handover;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * What the management port offers beside health and metrics.
 *
 * <ul>
 *   <li>{@code POST /q/livebridge/handover}: another instance wants a conversation; body and answer are sealed tokens.
 *   <li>{@code POST /q/livebridge/drain}: the operator wants this instance empty; answers 202 at once.
 * </ul>
 */
@Singleton
class ManagementRoutes {

    private static final Logger LOG = Logger.getLogger(ManagementRoutes.class);

    private final SessionRegistry sessions;

    ManagementRoutes(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .post("/q/livebridge/handover")
                .handler(BodyHandler.create(false).setBodyLimit(TokenSealer.MAX_TOKEN_CHARACTERS))
                .handler(this::handover);
        management.router().post("/q/livebridge/drain").handler(this::drain);
    }

    /** Waits for a connection to close, so not on the event loop. */
    private void handover(RoutingContext call) {
        String token = call.body().asString();
        Thread.ofVirtual().name("livebridge-handover").start(() -> {
            try {
                answer(call, sessions.handOver(token == null ? "" : token));
            } catch (InterruptedException | RuntimeException fault) {
                LOG.error("fault while handing a conversation over", fault);
                call.response().setStatusCode(500).end();
            }
        });
    }

    private static void answer(RoutingContext call, Handover handover) {
        switch (handover) {
            case Handover.Released(String state) ->
                call.response().putHeader("Content-Type", "text/plain").end(state);
            case Handover.Unknown() -> call.response().setStatusCode(404).end();
            case Handover.Refused() -> call.response().setStatusCode(409).end();
        }
    }

    private void drain(RoutingContext call) {
        LOG.infof("asked to let %d conversations move to other instances", sessions.active());
        sessions.leave();
        call.response().setStatusCode(202).end();
    }
}
