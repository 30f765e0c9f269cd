package dev.livebridge.handover;

import static java.util.Objects.requireNonNull;

import dev.livebridge.management.Refusal;
import dev.livebridge.resumption.TokenSealer;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.session.token.HandoverPeers.Handover;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * {@code POST /q/livebridge/handover}: another instance takes over a session. The body is a sealed request, the
 * response a sealed state.
 *
 * <p>Responses: 200 with the state; 404 if the session is unknown here or the request can't be opened; 409 if the token
 * was used before; 408 if the body is too slow, 413 if it is larger than a token, 503 with {@code Retry-After} if
 * {@link #MAX_CONCURRENT} requests are in progress.
 */
@Singleton
final class HandoverRoute {

    static final String PATH = "/q/livebridge/handover";

    /** Bounds the memory of the bodies to 17 MB in total. */
    static final int MAX_CONCURRENT = 256;

    private static final Logger LOG = Logger.getLogger(HandoverRoute.class);
    private static final long BODY_MILLIS = 2_000;
    private static final String SLOT = "livebridge.slot";

    private final SessionRegistry sessions;
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);

    HandoverRoute(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    void register(@Observes ManagementInterface management) {
        Router router = management.router();
        // Vert.x requires the body handler to be the first handler of its route.
        router.post(PATH).handler(this::admit);
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(TokenSealer.MAX_TOKEN_CHARACTERS))
                .handler(this::handOver)
                .failureHandler(
                        call -> Refusal.answer(call.request(), call.statusCode() > 0 ? call.statusCode() : 500));
    }

    /**
     * A permit of {@link #slots} for one request. It is released once, after the response or when the connection
     * closes.
     */
    private final class Slot {

        private final AtomicBoolean taken = new AtomicBoolean(true);
        private boolean bodyRead;

        void release() {
            if (taken.compareAndSet(true, false)) {
                slots.release();
            }
        }
    }

    private void admit(RoutingContext call) {
        if (!slots.tryAcquire()) {
            call.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            Refusal.answer(call.request(), 503);
            return;
        }
        Slot slot = new Slot();
        call.put(SLOT, slot);
        long timer = call.vertx().setTimer(BODY_MILLIS, late -> {
            if (!slot.bodyRead) {
                Refusal.answer(call.request(), 408);
            }
        });
        call.addEndHandler(over -> {
            call.vertx().cancelTimer(timer);
            if (!slot.bodyRead) {
                slot.release();
            }
        });
        call.next();
    }

    /** Runs on a virtual thread, because it blocks until the session's upstream connection is closed. */
    private void handOver(RoutingContext call) {
        Slot slot = requireNonNull(call.<Slot>get(SLOT));
        slot.bodyRead = true;
        String request = call.body().asString();
        Thread.ofVirtual().name("livebridge-handover").start(() -> {
            try {
                answer(call, sessions.handOver(request == null ? "" : request));
            } catch (InterruptedException | RuntimeException e) {
                LOG.error("internal error in a handover of a session", e);
                call.response().setStatusCode(500).end();
            } finally {
                slot.release();
            }
        });
    }

    private static void answer(RoutingContext call, Handover handover) {
        switch (handover) {
            case Handover.Released(String state) ->
                call.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(state);
            case Handover.Unknown() -> call.response().setStatusCode(404).end();
            case Handover.Refused() -> call.response().setStatusCode(409).end();
        }
    }
}
