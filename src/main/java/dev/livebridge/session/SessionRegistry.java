package dev.livebridge.session;

import static java.util.Objects.requireNonNull;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionSlots.Seat;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.DirectMemory;
import dev.livebridge.session.account.MemoryBound;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamLimits;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

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

    /** Beyond the drain timeout: time to move the last ones and to write what they are owed. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(8);

    /**
     * {@code quarkus.websockets-next.server.max-message-size}: beyond it the server drops the socket without a word.
     */
    private static final int HARD_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final int LEAST_MESSAGE_BYTES = 1024;

    /** SessionSlots without a setup, unless configured: at least so many, or a part of all. */
    private static final int LEAST_AWAITING = 50;

    private static final int AWAITING_PART = 5;

    /** How long the count of conversations without a client is good while all seats are taken. */
    private static final long AWAY_COUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SessionLog log = new SessionLog();
    private final int capacity;
    private final Services services;
    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    /** Ended sessions whose sockets are not closed yet. */
    private final Set<LiveSession> leaving = ConcurrentHashMap.newKeySet();

    private final Map<LiveSession, Seat> seatOf = new ConcurrentHashMap<>();
    private final SessionSlots seats;
    private final ScheduledExecutorService clock;
    private final SessionResumption comebacks;
    private final Duration drainSpread;
    private final Duration drainTimeout;
    private final AtomicLong emptyNanos = new AtomicLong(System.nanoTime());
    private volatile boolean draining;
    private volatile boolean stopping;
    private volatile long leavingBy;
    private int awayCount;
    private long awayCountedNanos = System.nanoTime() - AWAY_COUNT_NANOS;

    /**
     * An empty registry; its clock runs until {@link #stop}.
     *
     * @param config limits
     * @param meters counts begins and ends
     * @param tracing begins their traces
     * @param connector opens connections to the model
     * @param tokens for clients to come back with
     * @param peers the other instances, which may hold a conversation that comes here
     */
    public SessionRegistry(
            LivebridgeConfig config,
            Meters meters,
            Tracing tracing,
            UpstreamConnector connector,
            ResumeTokens tokens,
            HandoverPeers peers) {
        checkMessageBytes("session.max-message-bytes", config.session().maxMessageBytes());
        checkMessageBytes("session.setup-max-bytes", config.session().setupMaxBytes());
        checkMessageBytes(
                "gemini-clients.max-message-bytes", config.geminiClients().maxMessageBytes());
        this.capacity = config.session().maxPerInstance();
        this.seats = new SessionSlots(
                capacity,
                config.session().maxAwaitingSetup().orElse(Math.max(LEAST_AWAITING, capacity / AWAITING_PART)),
                this::clientsAway,
                System::nanoTime);
        long heap = Runtime.getRuntime().maxMemory();
        MemoryBound bound = MemoryBound.of(
                config.session().memoryPerInstance(),
                config.session().queueBytesPerPod(),
                heap,
                DirectMemory.limit(heap));
        LOG.infof(
                "memory for all sessions %s, for one session at most %d MiB",
                bound.described(), config.session().memoryPerSession() >> 20);
        this.services = new Services(
                SessionLimits.of(config),
                UpstreamLimits.of(config),
                new ProcessAccount(bound.bytes()),
                meters,
                tracing,
                connector,
                tokens);
        this.drainSpread = config.drain().spread();
        this.drainTimeout = config.drain().timeout();
        this.comebacks = new SessionResumption(services, sessions, this::admitTaken, peers);
        meters.observeSessions(
                () -> capacity,
                () -> draining,
                services.account()::used,
                services.account()::limit,
                Arrays.stream(EndCause.values()).map(EndCause::label).toList());
        for (SessionAccount.Part part : SessionAccount.Part.values()) {
            meters.observeMemory(part.label(), () -> services.account().of(part));
        }
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("livebridge-clock").factory());
        var _ = clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void checkMessageBytes(String setting, int bytes) {
        if (bytes < LEAST_MESSAGE_BYTES || bytes > HARD_MAX_MESSAGE_BYTES) {
            throw new ConfigurationException("livebridge." + setting + " must lie between " + LEAST_MESSAGE_BYTES
                    + " and " + HARD_MAX_MESSAGE_BYTES + ", but is " + bytes + ".");
        }
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
        return seats.full() ? Optional.of(EndCause.CAPACITY) : Optional.empty();
    }

    /** Reserves a seat for a client whose upgrade is about to be granted. */
    public Admission admit() {
        if (draining) {
            return new Admission.Refused(EndCause.DRAIN.label());
        }
        SessionSlots.Reservation reservation = seats.reserve();
        Seat seat = reservation.seat();
        return seat != null
                ? new Admission.Granted(seat)
                : new Admission.Refused(requireNonNull(reservation.refusal()).label());
    }

    /**
     * Begins a session on a seat. When the process has begun to leave, or the connection is closed already, the session
     * begins and ends at once, with its cause.
     *
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     * @param seat its seat
     */
    public LiveSession open(String dialect, Downstream downstream, Seat seat) {
        LiveSession session =
                new LiveSession(UUID.randomUUID().toString(), dialect, downstream, new ConversationMemory(), services);
        seat.occupy();
        seatOf.put(session, seat);
        begin(session, dialect);
        seat.onDisturbed(() -> session.end(EndCause.SETUP_TIMEOUT, EndCause.SETUP_TIMEOUT.sentence()));
        if (draining) {
            session.end(EndCause.DRAIN, EndCause.DRAIN.sentence());
        } else if (seat.released()) {
            session.end(EndCause.CLIENT_LOST, EndCause.CLIENT_LOST.sentence());
        }
        return session;
    }

    /**
     * The first message of a session is a setup: it becomes a conversation, unless there are as many as there may be.
     *
     * @return whether the session goes on; otherwise it has ended
     */
    public boolean settle(LiveSession session) {
        Seat seat = seatOf.get(session);
        if (seat == null || seat.settle()) {
            return true;
        }
        session.end(EndCause.CAPACITY, EndCause.CAPACITY.sentence());
        return false;
    }

    /**
     * A client's first message is a token: finds its conversation.
     *
     * @param arrival the session that its socket has so far
     * @param sealed the token as it came
     * @param origin of the page whose socket it came over, see {@link Downstream#origin}
     * @return the session that the socket serves from now on; when the token is refused, {@code arrival}, which has
     *     ended
     */
    public LiveSession resume(LiveSession arrival, String sealed, String origin) {
        return seats.undisturbed(() -> comebacks.resume(arrival, sealed, origin));
    }

    /**
     * Another instance was given a token and asks for its conversation. Blocks until this instance has let go of it.
     *
     * @param sealed the request of the asking instance
     * @throws InterruptedException when the caller is no longer interested
     */
    public HandoverPeers.Handover handOver(String sealed) throws InterruptedException {
        return comebacks.handOver(sealed);
    }

    /** A conversation begins here that its token has brought from elsewhere. */
    private void admitTaken(LiveSession session, String dialect) {
        Optional<Seat> seat = seats.claim();
        seat.ifPresent(own -> seatOf.put(session, own));
        begin(session, dialect);
        if (seat.isEmpty()) {
            session.end(EndCause.CAPACITY, EndCause.CAPACITY.sentence());
        }
    }

    private void begin(LiveSession session, String dialect) {
        active.incrementAndGet();
        sessions.put(session.id(), session);
        services.meters().sessionStarted(dialect);
        if (draining) {
            letLeave(session);
        }
        LOG.debugf("session started session=%s dialect=%s", session.id(), dialect);
    }

    /** Sessions that have begun and not ended. */
    public int active() {
        return active.get();
    }

    /** Conversations that wait for their client; counted anew when the count is old. Called by one thread at a time. */
    private int clientsAway() {
        long now = System.nanoTime();
        if (now - awayCountedNanos >= AWAY_COUNT_NANOS) {
            awayCount = (int) sessions.values().stream()
                    .filter(session -> session.awayNanos() > 0)
                    .count();
            awayCountedNanos = now;
        }
        return awayCount;
    }

    /** Sockets that have no setup yet. */
    public int awaitingSetup() {
        return seats.awaiting();
    }

    /** Sessions this process may hold. */
    public int capacity() {
        return capacity;
    }

    /** What operators may know of the open sessions. */
    public List<SessionSummary> summaries() {
        return sessions.values().stream().map(LiveSession::summary).toList();
    }

    /** Whether the process is on its way out and takes no new sessions. */
    public boolean draining() {
        return draining;
    }

    /**
     * Takes no new sessions and moves the open ones to other instances, each in a pause of its talk, spread over time;
     * at the latest after {@code livebridge.drain.timeout}. Returns at once; a second call changes nothing.
     */
    public synchronized void leave() {
        if (draining) {
            return;
        }
        leavingBy = services.now() + drainTimeout.toNanos();
        emptyNanos.set(services.now());
        draining = true;
        sessions.values().forEach(this::letLeave);
    }

    /**
     * Takes {@link #leave} back: new sessions are admitted, and those that have not left yet stay.
     *
     * @return {@code false} when the process is stopping and can't stay
     */
    public synchronized boolean stay() {
        if (stopping) {
            return false;
        }
        draining = false;
        sessions.values().forEach(session -> session.leave(null));
        return true;
    }

    /** For how long the process has been draining without a session; zero when it is not draining or has some. */
    public Duration drainedFor() {
        return draining && active.get() == 0 ? Duration.ofNanos(services.now() - emptyNanos.get()) : Duration.ZERO;
    }

    private void letLeave(LiveSession session) {
        long after = (long) (drainSpread.toNanos() * ThreadLocalRandom.current().nextDouble());
        session.leave(new DrainWindow(services.now() + after, leavingBy));
    }

    /**
     * Does {@link #leave} and waits until all sessions are gone.
     *
     * @return whether they are; {@code false} when some did not go even after the drain timeout
     * @throws InterruptedException when the caller is no longer interested
     */
    public boolean drain() throws InterruptedException {
        synchronized (this) {
            stopping = true;
            leave();
        }
        long deadline = System.nanoTime() + drainTimeout.plus(LAST_WORDS).toNanos();
        while (!gone() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return gone();
    }

    /** Whether all sessions have ended and their sockets are closed. */
    private boolean gone() {
        return active.get() == 0 && leaving.isEmpty();
    }

    @PreDestroy
    void stop() {
        clock.shutdownNow();
    }

    private void tick() {
        log.tick();
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
        private final UpstreamLimits upstreamLimits;
        private final ProcessAccount account;
        private final Meters meters;
        private final Tracing tracing;
        private final UpstreamConnector connector;
        private final ResumeTokens tokens;

        Services(
                SessionLimits limits,
                UpstreamLimits upstreamLimits,
                ProcessAccount account,
                Meters meters,
                Tracing tracing,
                UpstreamConnector connector,
                ResumeTokens tokens) {
            this.limits = limits;
            this.upstreamLimits = upstreamLimits;
            this.account = account;
            this.meters = meters;
            this.tracing = tracing;
            this.connector = connector;
            this.tokens = tokens;
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
        public UpstreamLimits upstreamLimits() {
            return upstreamLimits;
        }

        @Override
        public double random() {
            return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }

        @Override
        public ProcessAccount account() {
            return account;
        }

        @Override
        public Meters meters() {
            return meters;
        }

        @Override
        public Tracing tracing() {
            return tracing;
        }

        @Override
        public UpstreamConnector connector() {
            return connector;
        }

        @Override
        public ResumeTokens tokens() {
            return tokens;
        }

        @Override
        public void ended(LiveSession session, Ended ended) {
            leaving.add(session);
            sessions.remove(session.id(), session);
            comebacks.ended(session, ended);
            emptyNanos.set(services.now());
            active.decrementAndGet();
            Seat seat = seatOf.remove(session);
            if (seat != null) {
                seat.release();
            }
            Duration age = Duration.ofNanos(ended.atNanos() - session.startedNanos());
            meters.sessionEnded(ended.cause().label(), age);
            log.ended(session, ended, age);
        }

        @Override
        public void closed(LiveSession session) {
            leaving.remove(session);
        }
    }
}
