package dev.livebridge.browser;

import dev.livebridge.access.request.CallerAccess;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;

/** Services that all client sockets share. */
@Singleton
class ClientServices {

    private final SessionRegistry sessions;
    private final Meters meters;
    private final ReadingThreads readingThreads;
    private final CallerAccess access;
    private final SafetyIdentifier safetyIdentifier;
    private final AgentAssignment agents;
    private final TokenStarts tokenStarts;
    private final double picturesPerSecond;

    ClientServices(
            SessionRegistry sessions,
            Meters meters,
            ReadingThreads readingThreads,
            CallerAccess access,
            SafetyIdentifier safetyIdentifier,
            AgentAssignment agents,
            TokenStarts tokenStarts,
            LivebridgeConfig config) {
        this.sessions = sessions;
        this.meters = meters;
        this.readingThreads = readingThreads;
        this.access = access;
        this.safetyIdentifier = safetyIdentifier;
        this.agents = agents;
        this.tokenStarts = tokenStarts;
        this.picturesPerSecond = config.session().picturesPerSecond();
        if (!(picturesPerSecond > 0)) {
            throw new ConfigurationException("livebridge.session.pictures-per-second must be positive.");
        }
    }

    SessionRegistry sessions() {
        return sessions;
    }

    Meters meters() {
        return meters;
    }

    ReadingThreads readingThreads() {
        return readingThreads;
    }

    CallerAccess access() {
        return access;
    }

    SafetyIdentifier safetyIdentifier() {
        return safetyIdentifier;
    }

    AgentAssignment agents() {
        return agents;
    }

    TokenStarts tokenStarts() {
        return tokenStarts;
    }

    double picturesPerSecond() {
        return picturesPerSecond;
    }
}
