package dev.livebridge.browser;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Drains the sessions before the HTTP server stops, and lets the process exit as soon as the last session has ended.
 * Without it, the server would close every WebSocket with code 1000 and no reason.
 */
@Singleton
class Shutdown {

    private static final Logger LOG = Logger.getLogger(Shutdown.class);

    private final SessionRegistry sessions;

    Shutdown(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    void onDelay(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        drain();
    }

    void onShutdown(@Observes ShutdownEvent event) throws InterruptedException {
        drain();
    }

    private void drain() throws InterruptedException {
        int open = sessions.active();
        if (open > 0) {
            LOG.infof("draining %d sessions before the shutdown", open);
        }
        if (!sessions.drain()) {
            LOG.warnf("%d sessions did not end within the drain time", sessions.active());
        }
    }
}
