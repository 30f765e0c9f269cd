package dev.livebridge.session;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.SessionConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;

/**
 * Limits of one session. Sizes in bytes.
 *
 * @param setupTimeout until the client's first message
 * @param upstreamSetupTimeout from the setup frame to {@code setupComplete}
 * @param idleTimeout longest time without activity
 * @param maxDuration longest duration
 * @param resumeGrace longest time without a client that has a token
 * @param stallTimeout longest time in which a client takes nothing while more than a second of speech waits
 * @param warningTime between the warning and the end by idle timeout or maximum duration
 * @param expiryWarning between the warning and the end of the caller's credential
 * @param expiryGrace between the end of the credential and the end of the session
 * @param queueUp bound of the queue toward the model
 * @param queueDown bound of the queue toward the client
 * @param memory bound of the memory of the session
 */
record SessionLimits(
        Duration setupTimeout,
        Duration upstreamSetupTimeout,
        Duration idleTimeout,
        Duration maxDuration,
        Duration resumeGrace,
        Duration stallTimeout,
        Duration warningTime,
        Duration expiryWarning,
        Duration expiryGrace,
        long queueUp,
        long queueDown,
        long memory) {

    /** How long to wait, after a failed write, for the close event of the socket, which has a better cause. */
    static final Duration CLOSE_EVENT_GRACE = Duration.ofSeconds(2);

    /** The smallest bound that a setup and an answer fit into. */
    private static final long MIN_MEMORY = 1024 * 1024;

    /**
     * {@code quarkus.websockets-next.server.max-message-size}: beyond it the server drops the socket without a close
     * frame.
     */
    private static final int SERVER_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final int MIN_MESSAGE_BYTES = 1024;

    /**
     * The configured limits.
     *
     * @throws ConfigurationException when one is invalid
     */
    static SessionLimits of(LivebridgeConfig config) {
        SessionConfig session = config.session();
        checkMessageBytes("session.max-message-bytes", session.maxMessageBytes());
        checkMessageBytes("session.setup-max-bytes", session.setupMaxBytes());
        checkMessageBytes(
                "gemini-clients.max-message-bytes", config.geminiClients().maxMessageBytes());
        if (!session.stallTimeout().isPositive()) {
            throw new ConfigurationException("livebridge.session.stall-timeout must be longer than zero, but is "
                    + session.stallTimeout() + ".");
        }
        if (session.memoryPerSession() < MIN_MEMORY) {
            throw new ConfigurationException("livebridge.session.memory-per-session must be at least " + MIN_MEMORY
                    + ", but is " + session.memoryPerSession() + ".");
        }
        return new SessionLimits(
                session.setupTimeout(),
                config.upstream().setupTimeout(),
                session.idleTimeout(),
                session.maxDuration(),
                session.resumeGrace(),
                session.stallTimeout(),
                session.warningTime(),
                config.access().expiryWarning(),
                config.access().expiryGrace(),
                session.queueBytesUp(),
                session.queueBytesDown(),
                session.memoryPerSession());
    }

    private static void checkMessageBytes(String setting, int bytes) {
        if (bytes < MIN_MESSAGE_BYTES || bytes > SERVER_MAX_MESSAGE_BYTES) {
            throw new ConfigurationException("livebridge." + setting + " must lie between " + MIN_MESSAGE_BYTES
                    + " and " + SERVER_MAX_MESSAGE_BYTES + ", but is " + bytes + ".");
        }
    }
}
