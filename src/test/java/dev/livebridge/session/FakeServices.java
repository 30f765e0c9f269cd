package dev.livebridge.session;

import dev.livebridge.config.SessionConfig.Carrier;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamLimits;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What a session shares, with a clock that only moves when told to. */
class FakeServices implements SessionClock, SessionOwner {

    private static final SessionLimits LIMITS = limits(100_000, 200_000, 1_000_000);

    final List<Ended> endings = new CopyOnWriteArrayList<>();
    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    final List<LiveSession> closed = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong clock = new AtomicLong(1_000_000_000L);
    private final SessionContext context;
    final SessionTimer timer = new SessionTimer(this);

    FakeServices(UpstreamConnector connector) {
        this(connector, LIMITS, 1_000_000);
    }

    FakeServices(UpstreamConnector connector, SessionLimits limits, long podBytes) {
        this(connector, limits, podBytes, null, Carrier.EVENT_LOOP);
    }

    FakeServices(UpstreamConnector connector, @Nullable URI address) {
        this(connector, LIMITS, 1_000_000, address, Carrier.EVENT_LOOP);
    }

    FakeServices(UpstreamConnector connector, Carrier carrier) {
        this(connector, LIMITS, 1_000_000, null, carrier);
    }

    private FakeServices(
            UpstreamConnector connector, SessionLimits limits, long podBytes, @Nullable URI address, Carrier carrier) {
        this.context = new SessionContext(
                limits,
                new UpstreamLimits(null, Duration.ofSeconds(10), Duration.ofSeconds(90), 4),
                new ProcessAccount(podBytes),
                new Meters(registry),
                Tracing.off(),
                connector,
                FakeTokens.at(address, () -> Instant.ofEpochMilli(0).plusNanos(clock.get())),
                this,
                carrier,
                () -> 0);
    }

    /** The usual times with other bounds, in bytes. */
    static SessionLimits limits(long queueUp, long queueDown, long memory) {
        return limits(Duration.ofSeconds(10), queueUp, queueDown, memory);
    }

    /** The usual times but for {@code setupComplete}, with other bounds. */
    static SessionLimits limits(Duration upstreamSetupTimeout, long queueUp, long queueDown, long memory) {
        return new SessionLimits(
                Duration.ofSeconds(10),
                upstreamSetupTimeout,
                Duration.ofMinutes(10),
                Duration.ofHours(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                queueUp,
                queueDown,
                memory);
    }

    void advance(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Override
    public long now() {
        return clock.get();
    }

    /** Waiting costs nothing here, but the clock shows it. */
    @Override
    public void pause(Duration time) throws InterruptedException {
        pauses.add(time);
        advance(time);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    SessionContext context() {
        return context;
    }

    ProcessAccount account() {
        return context.account();
    }

    Meters meters() {
        return context.meters();
    }

    ResumeTokens tokens() {
        return context.tokens();
    }

    @Override
    public void onEvent(LiveSession session) {
        timer.onEvent(session);
    }

    @Override
    public void onEnded(LiveSession session, Ended ended) {
        endings.add(ended);
    }

    @Override
    public void onClosed(LiveSession session) {
        closed.add(session);
    }
}
