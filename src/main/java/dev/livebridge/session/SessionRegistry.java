package dev.livebridge.session;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.telemetry.Meters;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * All open sessions of this process: admits them, keeps their time, and knows when the last one has gone.
 *
 * <p>It begins with the process, so that an autoscaler sees its gauges before the first session.
 *
 * <p>One clock thread checks the deadlines of all sessions; no session owns a timer that could outlive it.
 */
@Singleton
@Startup
public class SessionRegistry {

    private static final Logger LOG = Logger.getLogger(SessionRegistry.class);
    private static final long TICK_MILLIS = 100;

    /**
     * {@code quarkus.websockets-next.server.max-message-size}: beyond it the server drops the socket without a word.
     */
    private static final int HARD_MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private final int capacity;
    private final Services services;
    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicBoolean relieving = new AtomicBoolean();
    private final ScheduledExecutorService clock;
    private volatile boolean draining;

    /**
     * An empty registry; its clock runs until {@link #stop}.
     *
     * @param config limits
     * @param meters counts begins and ends
     * @param connector opens connections to the model
     */
    public SessionRegistry(LivebridgeConfig config, Meters meters, UpstreamConnector connector) {
        int maxMessage = config.session().maxMessageBytes();
        if (maxMessage < 1024 || maxMessage > HARD_MAX_MESSAGE_BYTES) {
            throw new ConfigurationException("livebridge.session.max-message-bytes must lie between 1024 and "
                    + HARD_MAX_MESSAGE_BYTES + ", but is " + maxMessage + ".");
        }
        this.capacity = config.session().maxPerPod();
        this.services = new Services(
                SessionLimits.of(config), new QueueBudget(config.session().queueBytesPerPod()), meters, connector);
        meters.observeSessions(
                () -> capacity,
                () -> draining,
                services.budget()::used,
                config.session()::queueBytesPerPod,
                Arrays.stream(EndCause.values()).map(EndCause::label).toList());
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("livebridge-clock").factory());
        var _ = clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Why a new session would not be admitted now.
     *
     * @return {@link EndCause#DRAIN}, {@link EndCause#CAPACITY} or nothing
     */
    public Optional<EndCause> refusal() {
        if (draining) {
            return Optional.of(EndCause.DRAIN);
        }
        return active.get() >= capacity ? Optional.of(EndCause.CAPACITY) : Optional.empty();
    }

    /**
     * Begins a session. Asked beforehand, {@link #refusal} may have said yes to one too many: then the session begins
     * and ends at once, with its cause.
     *
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     */
    public LiveSession open(String dialect, Downstream downstream) {
        Optional<EndCause> refusal = refusal();
        LiveSession session =
                new LiveSession(UUID.randomUUID().toString(), dialect, downstream, new ConversationMemory(), services);
        active.incrementAndGet();
        sessions.put(session.id(), session);
        services.meters().sessionStarted(dialect);
        LOG.debugf("session started session=%s dialect=%s", session.id(), dialect);
        refusal.ifPresent(cause -> session.end(cause, cause.sentence()));
        return session;
    }

    /** Sessions that have begun and not ended. */
    public int active() {
        return active.get();
    }

    /** Sessions this process may hold. */
    public int capacity() {
        return capacity;
    }

    /** Whether the process is on its way out and takes no new sessions. */
    public boolean draining() {
        return draining;
    }

    /**
     * Takes no new sessions and ends all open ones with {@link EndCause#DRAIN}.
     *
     * @param patience how long to wait for the last one
     * @return whether all are gone
     * @throws InterruptedException when the caller is no longer interested
     */
    public boolean drain(Duration patience) throws InterruptedException {
        draining = true;
        sessions.values().forEach(session -> session.end(EndCause.DRAIN, EndCause.DRAIN.sentence()));
        long deadline = System.nanoTime() + patience.toNanos();
        while (active.get() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return active.get() == 0;
    }

    @PreDestroy
    void stop() {
        clock.shutdownNow();
    }

    private void tick() {
        for (LiveSession session : sessions.values()) {
            try {
                session.checkDeadlines();
            } catch (RuntimeException fault) {
                session.fault("keeping time", fault);
            }
        }
    }

    private final class Services implements SessionServices {

        private final SessionLimits limits;
        private final QueueBudget budget;
        private final Meters meters;
        private final UpstreamConnector connector;

        Services(SessionLimits limits, QueueBudget budget, Meters meters, UpstreamConnector connector) {
            this.limits = limits;
            this.budget = budget;
            this.meters = meters;
            this.connector = connector;
        }

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public SessionLimits limits() {
            return limits;
        }

        @Override
        public QueueBudget budget() {
            return budget;
        }

        @Override
        public Meters meters() {
            return meters;
        }

        @Override
        public UpstreamConnector connector() {
            return connector;
        }

        @Override
        public void relieve() {
            if (relieving.compareAndSet(false, true)) {
                try {
                    while (budget.exceeded()) {
                        Optional<LiveSession> heaviest =
                                sessions.values().stream().max(Comparator.comparingLong(LiveSession::queueBytes));
                        if (heaviest.isEmpty()
                                || !heaviest.get()
                                        .end(
                                                EndCause.SLOW_CONSUMER,
                                                "The service is out of memory for queued audio.")) {
                            return;
                        }
                    }
                } finally {
                    relieving.set(false);
                }
            }
        }

        @Override
        public void ended(LiveSession session, Ended ended) {
            if (sessions.remove(session.id()) == null) {
                return;
            }
            active.decrementAndGet();
            Duration age = Duration.ofNanos(ended.atNanos() - session.startedNanos());
            meters.sessionEnded(ended.cause().label(), age);
            MDC.put("session", session.id());
            MDC.put("cause", ended.cause().label());
            LOG.infof(
                    "session ended session=%s cause=%s age=%dms: %s",
                    session.id(), ended.cause().label(), age.toMillis(), ended.message());
            MDC.remove("session");
            MDC.remove("cause");
        }
    }
}
