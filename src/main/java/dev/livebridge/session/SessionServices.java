package dev.livebridge.session;

import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamLimits;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import java.time.Duration;

/** What all sessions of a process share; the registry provides it. */
interface SessionServices {

    /** {@link System#nanoTime()}, or a test's clock. */
    long now();

    SessionLimits limits();

    UpstreamLimits upstreamLimits();

    ProcessAccount account();

    Meters meters();

    Tracing tracing();

    UpstreamConnector connector();

    ResumeTokens tokens();

    /** From 0 to 1, evenly. */
    double random();

    /** Lets a pump wait; a session's end interrupts it. */
    void pause(Duration time) throws InterruptedException;

    /** A session has ended; called exactly once for each. */
    void onEnded(LiveSession session, Ended ended);

    /**
     * The socket of an ended session is closed, or is another session's; called once for each, after {@link #onEnded}.
     */
    void onClosed(LiveSession session);
}
