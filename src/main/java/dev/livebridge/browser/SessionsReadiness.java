package dev.livebridge.browser;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionRegistry;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means: may take a new session. Only flags are read; Gemini is never asked, or its outage would take us down.
 */
@Readiness
@Singleton
class SessionsReadiness implements HealthCheck {

    private final SessionRegistry sessions;

    SessionsReadiness(SessionRegistry sessions) {
        this.sessions = sessions;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("sessions")
                .status(sessions.refusal().isEmpty())
                .withData("active", sessions.active())
                .withData("capacity", sessions.capacity())
                .withData("refusing", sessions.refusal().map(EndCause::label).orElse("nobody"))
                .build();
    }
}
