package dev.livebridge.browser;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionRegistry;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness: whether the instance accepts new sessions. Reads local state only: a request to Gemini would turn an
 * outage of Gemini into one of this service.
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
                .withData("refusing", sessions.refusal().map(EndCause::label).orElse("none"))
                .build();
    }
}
