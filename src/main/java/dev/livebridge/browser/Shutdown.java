package dev.livebridge.browser;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Moves the conversations to other instances before the HTTP server goes, and lets the process end as soon as the last
 * one is gone. Left alone, the server would close every socket with 1000 and no reason.
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
            LOG.infof("moving %d conversations before the shutdown", open);
        }
        if (!sessions.drain()) {
            LOG.warnf("%d conversations did not end in time", sessions.active());
        }
    }
}
