package dev.livebridge.browser;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Ends the conversations before the HTTP server goes: left alone it would close every socket with 1000 and no reason.
 */
@Singleton
class Shutdown {

    private static final Logger LOG = Logger.getLogger(Shutdown.class);

    /** A close frame is small; who has not taken it by then is not reading. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

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
            LOG.infof("ending %d conversations for the shutdown", open);
        }
        if (!sessions.drain(PATIENCE)) {
            LOG.warnf("%d conversations did not end in time", sessions.active());
        }
    }
}
