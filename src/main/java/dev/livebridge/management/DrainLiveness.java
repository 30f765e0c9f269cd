package dev.livebridge.management;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.session.SessionRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Fails if an instance has drained without a session for {@code livebridge.drain.abandoned-after}: the drain was
 * probably forgotten, so the orchestrator should restart the instance.
 */
@Liveness
@Singleton
final class DrainLiveness implements HealthCheck {

    private final SessionRegistry sessions;
    private final Duration abandonedAfter;

    DrainLiveness(SessionRegistry sessions, LivebridgeConfig config) {
        this.sessions = sessions;
        this.abandonedAfter = config.drain().abandonedAfter();
    }

    @Override
    public HealthCheckResponse call() {
        Duration empty = sessions.drainedFor();
        return HealthCheckResponse.named("drain")
                .status(empty.compareTo(abandonedAfter) < 0)
                .withData("draining", sessions.draining())
                .withData("drainedSeconds", empty.toSeconds())
                .build();
    }
}
