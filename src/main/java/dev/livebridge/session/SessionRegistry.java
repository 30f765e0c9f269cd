package dev.livebridge.session;

import static java.util.Objects.requireNonNull;

import dev.livebridge.access.SubjectHash;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.SessionSlots.Slot;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.ResumeTokens;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Tracing;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The open sessions of this process: admits them, checks their deadlines, and drains them.
 *
 * <p>It starts with the process, so that an autoscaler sees its gauges before the first session.
 *
 * <p>One clock thread checks the deadlines of all sessions, see {@link SessionTimer}; no session has a timer, which
 * could outlive it.
 */
@Singleton
@Startup
public class SessionRegistry {

    private static final Logger LOG = Logger.getLogger(SessionRegistry.class);

    /** Time after the drain timeout to move the last sessions and to write their remaining messages. */
    private static final Duration FLUSH_ALLOWANCE = Duration.ofSeconds(8);

    /** Bound of slots without a setup, unless configured: a part of the capacity, but at least this. */
    private static final int MIN_AWAITING_SETUP = 50;

    private static final int AWAITING_SETUP_DIVISOR = 5;

    /** How long the count of sessions without a client is reused while all slots are taken. */
    private static final long ABSENT_COUNT_MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SessionLog log;
    private final int capacity;
    private final SessionContext context;
    private final SessionOwner owner = new Owner();
    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    /** Ended sessions whose sockets are not closed yet. */
    private final Set<LiveSession> closing = ConcurrentHashMap.newKeySet();

    private final Map<LiveSession, Slot> slotOf = new ConcurrentHashMap<>();
    private final SessionSlots slots;
    private final ScheduledExecutorService clock;
    private final SessionTimer timer;
    private final SessionResumption resumption;
    private final InstanceDrain drain;
    private int absentCount;
    private long absentCountedNanos = System.nanoTime() - ABSENT_COUNT_MAX_AGE_NANOS;

    /**
     * An empty registry; its clock runs until {@link #stop}.
     *
     * @param config limits
     * @param meters the metrics
     * @param tracing begins the traces
     * @param connector opens connections to the model
     * @param tokens seals and opens resume tokens
     * @param peers asks other instances for sessions
     * @param hash the form in which subjects are logged
     */
    public SessionRegistry(
            LivebridgeConfig config,
            Meters meters,
            Tracing tracing,
            UpstreamConnector connector,
            ResumeTokens tokens,
            HandoverPeers peers,
            SubjectHash hash) {
        this.log = new SessionLog(hash);
        this.capacity = config.session().maxPerInstance();
        this.slots = new SessionSlots(
                capacity,
                config.session()
                        .maxAwaitingSetup()
                        .orElse(Math.max(MIN_AWAITING_SETUP, capacity / AWAITING_SETUP_DIVISOR)),
                this::absentClients,
                System::nanoTime);
        this.context = SessionContext.of(config, meters, tracing, connector, tokens);
        this.drain = new InstanceDrain(config.drain().spread(), config.drain().timeout(), context::now);
        this.resumption = new SessionResumption(context, owner, sessions, this::admitResumed, peers);
        meters.observeSessions(
                () -> capacity,
                drain::draining,
                context.account()::used,
                context.account()::limit,
                Arrays.stream(EndCause.values()).map(EndCause::label).toList());
        for (SessionAccount.Part part : SessionAccount.Part.values()) {
            meters.observeMemory(part.label(), () -> context.account().of(part));
        }
        this.timer = new SessionTimer(context.clock());
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("livebridge-clock").factory());
        var _ = clock.scheduleWithFixedDelay(
                this::tick, SessionTimer.TICK.toMillis(), SessionTimer.TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Why a new session is not admitted now.
     *
     * @return {@link EndCause#DRAIN}, {@link EndCause#CAPACITY} or nothing
     */
    public Optional<EndCause> refusal() {
        if (drain.draining()) {
            return Optional.of(EndCause.DRAIN);
        }
        return slots.full() ? Optional.of(EndCause.CAPACITY) : Optional.empty();
    }

    /** Reserves a slot for a client, before its upgrade is granted. */
    public Admission admit() {
        if (drain.draining()) {
            return new Admission.Refused(EndCause.DRAIN.label());
        }
        SessionSlots.Reservation reservation = slots.reserve();
        Slot slot = reservation.slot();
        return slot != null
                ? new Admission.Granted(slot)
                : new Admission.Refused(requireNonNull(reservation.refusal()).label());
    }

    /**
     * Begins a session. When the instance drains, or the socket is closed already, the session ends at once, with the
     * cause.
     *
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     * @param slot of the session
     */
    public LiveSession open(String dialect, Downstream downstream, Slot slot) {
        LiveSession session = new LiveSession(
                downstream.budget().conversation(), dialect, downstream, new ConversationMemory(), context, owner);
        slot.toOccupied();
        slotOf.put(session, slot);
        begin(session, dialect);
        slot.onReclaimed(() -> session.end(EndCause.SETUP_TIMEOUT, EndCause.SETUP_TIMEOUT.sentence()));
        if (drain.draining()) {
            session.end(EndCause.DRAIN, EndCause.DRAIN.sentence());
        } else if (slot.released()) {
            session.end(EndCause.CLIENT_LOST, EndCause.CLIENT_LOST.sentence());
        }
        return session;
    }

    /**
     * The first message of a session is a setup: the session becomes a conversation, if the capacity allows it.
     *
     * @return whether the session continues; otherwise it has ended
     */
    public boolean onSetup(LiveSession session) {
        if (!session.scope().budget().mayBegin()) {
            session.end(EndCause.CONCURRENCY, EndCause.CONCURRENCY.sentence());
            return false;
        }
        Slot slot = slotOf.get(session);
        if (slot == null || slot.toConversation()) {
            return true;
        }
        session.end(EndCause.CAPACITY, EndCause.CAPACITY.sentence());
        return false;
    }

    /**
     * The first message of a session is a resume token: finds the session that it stands for.
     *
     * @param arrival the session of the socket so far
     * @param sealed the token as received
     * @param socket over which it came; its caller and its page must be the token's
     * @return the session of the socket from now on; when the token is refused, {@code arrival}, which has ended
     */
    public LiveSession resume(LiveSession arrival, String sealed, Downstream socket) {
        return slots.withoutReservations(() -> resumption.resume(arrival, sealed, socket));
    }

    /**
     * Another instance asks for the session of a token. Blocks until this instance has released it.
     *
     * @param sealed the request of the asking instance
     * @throws InterruptedException when the calling thread is interrupted
     */
    public HandoverPeers.Handover handOver(String sealed) throws InterruptedException {
        return resumption.handOver(sealed);
    }

    /** A session continues here from a token. */
    private void admitResumed(LiveSession session, String dialect) {
        Optional<Slot> slot = slots.claim();
        slot.ifPresent(resumedSlot -> slotOf.put(session, resumedSlot));
        begin(session, dialect);
        if (slot.isEmpty()) {
            session.end(EndCause.CAPACITY, EndCause.CAPACITY.sentence());
        }
    }

    private void begin(LiveSession session, String dialect) {
        active.incrementAndGet();
        sessions.put(session.id(), session);
        timer.add(session);
        context.meters().sessionStarted(dialect);
        if (drain.draining()) {
            drainSession(session);
        }
        LOG.debugf("session started session=%s dialect=%s", session.id(), dialect);
    }

    /** Sessions that have begun and not ended. */
    public int active() {
        return active.get();
    }

    /** Sessions that wait for their client, counted at most every 100 ms. Called by one thread at a time. */
    private int absentClients() {
        long now = System.nanoTime();
        if (now - absentCountedNanos >= ABSENT_COUNT_MAX_AGE_NANOS) {
            absentCount = (int) sessions.values().stream()
                    .filter(session -> session.clientAbsenceNanos() > 0)
                    .count();
            absentCountedNanos = now;
        }
        return absentCount;
    }

    /** Sockets without a setup. */
    public int awaitingSetup() {
        return slots.awaiting();
    }

    /** The bound of sessions. */
    public int capacity() {
        return capacity;
    }

    /** What operators may know of the open sessions. */
    public List<SessionSummary> summaries() {
        return sessions.values().stream().map(LiveSession::summary).toList();
    }

    /** Whether the instance drains and admits no new sessions. */
    public boolean draining() {
        return drain.draining();
    }

    /**
     * Admits no new sessions and moves the open ones to other instances, each in a pause, spread over time, at the
     * latest after {@code livebridge.drain.timeout}. Returns at once; a second call has no effect.
     */
    public synchronized void startDraining() {
        if (drain.start()) {
            sessions.values().forEach(this::drainSession);
        }
    }

    /**
     * Reverts {@link #startDraining}: new sessions are admitted, and the open ones stay.
     *
     * @return {@code false} when the process is stopping
     */
    public synchronized boolean stopDraining() {
        if (!drain.cancel()) {
            return false;
        }
        sessions.values().forEach(session -> session.drain(null));
        return true;
    }

    /** How long the instance has been draining without a session; zero otherwise. */
    public Duration drainedFor() {
        return drain.emptyFor(active.get());
    }

    private void drainSession(LiveSession session) {
        session.drain(drain.window());
    }

    /**
     * As {@link #startDraining}, and waits until all sessions have ended and their sockets are closed.
     *
     * @return whether they have; {@code false} after the drain timeout
     * @throws InterruptedException when the calling thread is interrupted
     */
    public boolean drain() throws InterruptedException {
        synchronized (this) {
            drain.stop();
            startDraining();
        }
        long deadline =
                System.nanoTime() + drain.timeout().plus(FLUSH_ALLOWANCE).toNanos();
        while (!allClosed() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return allClosed();
    }

    /** Whether all sessions have ended and their sockets are closed. */
    private boolean allClosed() {
        return active.get() == 0 && closing.isEmpty();
    }

    @PreDestroy
    void stop() {
        clock.shutdownNow();
    }

    private void tick() {
        log.tick();
        timer.tick();
    }

    /** Whether the conversation is on its way to another instance, which finds its place kept. */
    private static boolean mayContinueElsewhere(LiveSession session, EndCause cause) {
        return session.tokens().issued() > 0 && (cause == EndCause.MOVED || cause == EndCause.DRAIN);
    }

    private final class Owner implements SessionOwner {

        @Override
        public void onEvent(LiveSession session) {
            timer.onEvent(session);
        }

        @Override
        public void onEnded(LiveSession session, Ended ended) {
            timer.remove(session);
            closing.add(session);
            resumption.onEnded(session, ended);
            session.scope().budget().onEnded(mayContinueElsewhere(session, ended.cause()), ended.atNanos());
            drain.onSessionEnded();
            active.decrementAndGet();
            Slot slot = slotOf.remove(session);
            if (slot != null) {
                slot.release();
            }
            Duration age = Duration.ofNanos(ended.atNanos() - session.scope().startedNanos());
            context.meters().sessionEnded(ended.cause().label(), age);
            log.onEnded(session, ended, age);
        }

        @Override
        public void onClosed(LiveSession session) {
            closing.remove(session);
        }
    }
}
