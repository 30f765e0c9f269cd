package dev.livebridge.session;

import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamLimits;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import java.util.function.DoubleSupplier;

/**
 * What all sessions of a process share.
 *
 * @param limits of one session
 * @param upstreamLimits of one connection to the model
 * @param account the memory of all sessions
 * @param meters the metrics
 * @param tracing begins the traces
 * @param connector opens connections to the model
 * @param tokens seals and opens resume tokens
 * @param clock the time
 * @param random from 0 to 1, evenly distributed
 * @param owner is told when a session ends
 */
record SessionContext(
        SessionLimits limits,
        UpstreamLimits upstreamLimits,
        ProcessAccount account,
        Meters meters,
        Tracing tracing,
        UpstreamConnector connector,
        ResumeTokens tokens,
        SessionClock clock,
        DoubleSupplier random,
        SessionOwner owner) {

    /** As {@link System#nanoTime()}. */
    long now() {
        return clock.now();
    }
}
