package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TurnComplete;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.SessionState.Rotating;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.queue.WriteWindow;
import dev.livebridge.session.token.ClientTokens;
import dev.livebridge.session.token.TokenSchedule;
import dev.livebridge.session.turn.TurnClock;
import dev.livebridge.session.turn.TurnNumber;
import dev.livebridge.session.turn.UserInput;
import dev.livebridge.session.upstream.ConnectionEnd;
import dev.livebridge.session.upstream.Recovery;
import dev.livebridge.session.upstream.RetryBackoff;
import dev.livebridge.session.upstream.RotationPolicy;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamWatchdog;
import dev.livebridge.telemetry.ConversationTrace;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The life of one conversation, from top to bottom: who calls in, what follows, and how it ends.
 *
 * <pre>
 *                                                   ┌─ old line closed, new one confirmed ─┐
 *                                                   ▼                                      │
 *  AwaitingSetup ──setup──▶ Connecting ──setupComplete──▶ Live ──pause, loss──▶ Rotating(trigger)
 *        └───────────────────────┴───────────────────────┴── error, limit, client gone ──┴──▶ Ended(cause)
 *
 *  any of them ── handed over, process leaves ──▶ Moving(cause) ── model's line closed, client gone ──▶ Ended(cause)
 * </pre>
 *
 * <p><b>Threads.</b> Both sockets call in from event loops: {@link #onClientMessages}, {@link #reportProblem},
 * {@link #onClientClosed} from the client's, {@link UpstreamListener} from the model's. They decide, enqueue and
 * return. Two virtual threads, the {@linkplain UpstreamWriter up} and the {@linkplain DownstreamWriter down} pump, are
 * the only ones that ever write or close a socket.
 *
 * <p><b>Connections.</b> A conversation outlives its connections to the model. Each is an {@link UpstreamConnection};
 * the up pump holds one at a time, closes it, waits until it is closed, and only then opens the next.
 * {@link RotationPolicy} says when one is to be left in peace, {@link UpstreamWatchdog} when it has gone astray,
 * {@link Recovery} how the conversation goes on after it, and {@link ConversationMemory} keeps what the next one has to
 * know.
 *
 * <p><b>The client</b> may lose its connection too, and come back with a token, here or at another instance. Its
 * sockets are the {@link DownstreamConnection}'s business; {@link ClientTokens} makes the tokens,
 * {@link SessionResumption} finds the conversation again. A conversation whose client is away goes on for the grace
 * time. One that goes elsewhere first lets go of the model, so that two instances never hold it at once.
 *
 * <p><b>Order.</b> Each direction is one queue and one pump, so what arrives first is written first;
 * {@link ClientMessageRelay} and {@link ServerMessageRelay} decide what goes into them. Input before
 * {@code setupComplete} waits in the queue, because the up pump does not take from it earlier; so does input between
 * two connections.
 *
 * <p><b>Back-pressure.</b> Both sockets are always read. Toward the model the oldest media gives way once the queue is
 * full; toward the client nothing that was not interrupted is ever dropped, so a client that does not keep up is ended
 * with {@link EndCause#SLOW_CONSUMER}. {@link SessionAccount} has the bounds of this and all other memory.
 *
 * <p><b>Ending.</b> {@link #end} happens once, whoever calls it first; the cause it names is logged, counted and sent.
 * Both pumps then finish: each writes what is still owed, closes its socket and stops.
 */
public final class LiveSession {

    private static final Logger LOG = Logger.getLogger(LiveSession.class);

    /** How long a failed write waits for its socket's close event to name a better cause. */
    private static final Duration CLOSE_EVENT_GRACE = Duration.ofSeconds(2);

    /** Time for the close of the model's line; a conversation moves on without it, too. */
    private static final Duration UPSTREAM_CLOSE_TIMEOUT = Duration.ofMillis(700);

    /** Time a client has to go on at another instance once it was told to. */
    private static final Duration MIGRATION_TIME = Duration.ofSeconds(2);

    /** Time after which a leaving process no longer waits for a handle that knows the last turn. */
    private static final Duration MAX_WAIT_FOR_HANDLE = Duration.ofSeconds(2);

    private final String id;
    private final String dialect;
    private final SessionServices services;
    private final ConversationTrace trace;
    private final long startedNanos;
    private final SessionAccount account;
    private final AtomicReference<SessionState> state = new AtomicReference<>(new AwaitingSetup());
    private final MessageQueue<ClientMessage> up;
    private final UpstreamWriter upstreamWriter;
    private final DownstreamConnection client;
    private final ClientMessageRelay clientRelay;
    private final ServerMessageRelay serverRelay;
    private final RelayRecorder recorder;
    private final boolean resumable;
    private final ClientTokens tokens;
    private final TurnClock turnClock;
    private final ConversationMemory memory;
    private volatile @Nullable Negotiated lastNegotiated;
    private final UserInput userInput;
    private final ProblemReports problems;
    private final Recovery recovery;
    private final IdleAndDurationLimits timeLimits;
    private volatile @Nullable UpstreamConnection upstream;
    private volatile boolean resumed;
    private volatile @Nullable DrainWindow drainWindow;

    /**
     * A session that waits for its setup. Its down pump starts at once, to be able to refuse it.
     *
     * @param id unique, free of meaning
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     * @param memory what is known of the conversation already
     * @param services everything sessions share
     */
    LiveSession(String id, String dialect, Downstream downstream, ConversationMemory memory, SessionServices services) {
        this.id = id;
        this.dialect = dialect;
        this.services = services;
        this.memory = memory;
        this.trace = services.tracing().begin(id, downstream.traceparent());
        this.turnClock = new TurnClock(services.meters().turns(), trace);
        this.startedNanos = services.now();
        RelayMeters meters = services.meters().relay(dialect);
        this.recorder = new RelayRecorder(meters, trace, turnClock, startedNanos);
        this.userInput = new UserInput(startedNanos);
        this.recovery =
                new Recovery(memory, new RetryBackoff(services.upstreamLimits().attempts(), services::random));
        this.timeLimits = new IdleAndDurationLimits(services.limits(), startedNanos);
        this.account = new OverrunHandler(this).open(services, memory);
        this.problems = new ProblemReports(this);
        this.up = new MessageQueue<>(account, SessionAccount.Part.QUEUE_UP);
        this.upstreamWriter = new UpstreamWriter(this, up, services.connector());
        this.client = new DownstreamConnection(this, account, meters, turnClock, downstream);
        this.clientRelay = new ClientMessageRelay(this, up, userInput, turnClock, meters);
        this.serverRelay = new ServerMessageRelay(this, meters);
        this.resumable = downstream.resumable();
        this.tokens = new ClientTokens(id, services.tokens(), memory, trace, downstream.origin());
        client.start();
    }

    // ---- events from the client's socket -------------------------------------------------------------------------

    /**
     * What one frame of the client said. The first message of a session is a setup.
     *
     * @param messages in order; may be empty
     * @param receivedNanos when the frame's callback began
     */
    public void onClientMessages(List<? extends ClientMessage> messages, long receivedNanos) {
        if (messages.isEmpty() || modelReleased()) {
            return;
        }
        clientRelay.relay(messages, receivedNanos);
    }

    /** A frame of the client could not be understood. The session lives on. */
    public void reportProblem(String code, String message) {
        problems.report(code, message);
    }

    /** The client's first frame can't open a session. */
    public void refuseSetup(String message) {
        end(EndCause.BAD_SETUP, message);
    }

    /**
     * A socket of the client is closed. If it was not closed on purpose, and the client holds a token, the conversation
     * waits for it a while.
     *
     * @param socket which one; it may have been replaced already
     * @param cause what the ending is called if the client does not come back
     * @param deliberate whether the client meant to end the conversation
     */
    public void onClientClosed(Downstream socket, EndCause cause, boolean deliberate) {
        if (!client.serves(socket)) {
            return;
        }
        if (state.get() instanceof Moving(EndCause why)) {
            if (client.onClosed(socket, cause, services.now()) && why == EndCause.DRAIN) {
                end(why, why.sentence());
            }
        } else if (deliberate || !canResume()) {
            end(cause, cause.sentence());
        } else if (client.onClosed(socket, cause, services.now())) {
            onClientAway(cause);
        }
    }

    /** Whether this socket is the one behind which the client is. */
    public boolean serves(Downstream socket) {
        return client.serves(socket);
    }

    /** The client has said what it wants. */
    void onSetup(ClientMessage.Setup setup) {
        if (state.get() instanceof AwaitingSetup awaiting
                && state.compareAndSet(awaiting, new Connecting(services.now()))) {
            memory.onSetup(setup);
            upstreamWriter.start(setup);
        } else {
            reportProblem("second_setup", "setup must be the first message and only the first");
        }
    }

    // ---- events from the model's socket --------------------------------------------------------------------------

    /** What the model said on the line that is open; one at a time, in the order of the wire. */
    void onServerMessage(ServerMessage message, boolean muted, long receivedNanos) {
        turnClock.onServerMessage(message, receivedNanos);
        if (!muted) {
            memory.onServerMessage(message, receivedNanos);
        }
        if (ServerMessageRelay.isActivity(message)) {
            onActivity();
        }
        if (message instanceof ServerMessage.Interrupted) {
            client.dropMedia(DropReason.INTERRUPTED);
        } else if (message instanceof TurnComplete || message instanceof ServerMessage.ResumptionUpdate) {
            tokens.schedule().onChange();
        }
        if (!heldUntilReady(message, receivedNanos)) {
            serverRelay.relay(message, negotiated(), muted, receivedNanos);
        }
    }

    /** The client hears its greeting first, whatever the model says right behind its {@code setupComplete}. */
    private boolean heldUntilReady(ServerMessage message, long receivedNanos) {
        if (!(state.get() instanceof Connecting)) {
            return false;
        }
        synchronized (client) {
            return state.get() instanceof Connecting && serverRelay.hold(message, receivedNanos);
        }
    }

    /** What was agreed with the model; {@code null} before and after the conversation. */
    private @Nullable Negotiated negotiated() {
        return switch (state.get()) {
            case Live(Negotiated negotiated) -> negotiated;
            case Rotating rotating -> rotating.negotiated();
            case AwaitingSetup _, Connecting _, Moving _, Ended _ -> null;
        };
    }

    // ---- what the up pump reports --------------------------------------------------------------------------------

    /** The pump calls the model, for the first time or once more. */
    UpstreamConnection openConnection(Continuation continuation, WriteWindow window) {
        trace.connecting(continuation.remembers().label());
        UpstreamConnection next = new UpstreamConnection(this, continuation, userInput, window);
        upstream = next;
        return next;
    }

    /**
     * The model has confirmed the setup: the conversation begins, or goes on.
     *
     * @return whether there is one to go on with
     */
    boolean onConnectionConfirmed(Continuation continuation, Negotiated negotiated) {
        SessionState before = state.get();
        lastNegotiated = negotiated;
        memory.onConnected(negotiated, continuation);
        recorder.onModelReady(services.now());
        trace.connected();
        trace.answeredBy(negotiated.backend(), negotiated.model());
        return switch (before) {
            case Connecting connecting when goLive(connecting, continuation, negotiated) -> true;
            case Rotating rotating
            when state.compareAndSet(before, new Live(negotiated)) -> {
                Memory remembers = continuation.remembers();
                recordRotation(rotating, remembers.label());
                sendToClient(new GatewayMessage.Reconnected(remembers), services.now());
                yield true;
            }
            case AwaitingSetup _, Connecting _, Live _, Rotating _, Moving _, Ended _ -> false;
        };
    }

    /** The greeting goes to whichever socket the client is behind; one that comes just now gets it, too, and once. */
    private boolean goLive(Connecting connecting, Continuation continuation, Negotiated negotiated) {
        synchronized (client) {
            if (!connecting.equals(state.get())) {
                return false;
            }
            services.meters().setupCompleted(Duration.ofNanos(services.now() - connecting.sinceNanos()));
            turnClock.onModelChosen(services.meters().model(negotiated.backend(), negotiated.model()));
            onActivity();
            sendToClient(greeting(negotiated, continuation.remembers(), false), services.now());
            serverRelay.relayHeld(negotiated);
            // Last: from here on what the model says no longer waits for the greeting.
            return state.compareAndSet(connecting, new Live(negotiated));
        }
    }

    private GatewayMessage.Ready greeting(Negotiated negotiated, Memory remembers, boolean answering) {
        return new GatewayMessage.Ready(
                id,
                negotiated.backend(),
                negotiated.model(),
                negotiated.setup(),
                negotiated.notices(),
                resumed,
                remembers,
                answering,
                resumed ? memory.transcript() : List.of());
    }

    /**
     * The pump lets a line go. What was heard stays; what was open is closed toward the client, since nothing more of
     * it can come: its turn, and its function calls.
     */
    void onConnectionReleased(UpstreamConnection released, ConnectionEnd end) {
        RotationTrigger trigger = switch (end) {
            case ConnectionEnd.SessionEnded() -> null;
            case ConnectionEnd.PlannedRotation renewal -> renewal.trigger();
            case ConnectionEnd.ConnectionLost loss -> loss.trigger();
        };
        if (trigger == null
                || !(state.get() instanceof Live live)
                || !state.compareAndSet(live, new Rotating(live.negotiated(), trigger, services.now()))) {
            return;
        }
        if (end instanceof ConnectionEnd.ConnectionLost loss) {
            turnClock.onUpstreamFailed(services.now(), loss.end().cause().label());
        }
        if (released.turnOpen()) {
            onServerMessage(new TurnComplete(TurnComplete.CONNECTION_LOST), false, services.now());
        }
        List<String> calls = memory.forgetCalls();
        if (!calls.isEmpty()) {
            sendToClient(new ServerMessage.ToolCallCancellation(calls), services.now());
        }
        if (end instanceof ConnectionEnd.PlannedRotation) {
            sendToClient(new GatewayMessage.Renewing(), services.now());
        }
    }

    /**
     * A line is over and closed: waits as long as is sensible.
     *
     * @return how the next one continues the conversation, {@code null} when there is none
     * @throws InterruptedException when the session ended
     */
    @Nullable
    Continuation nextContinuation(ConnectionEnd end, Continuation tried) throws InterruptedException {
        trace.disconnected(end.label());
        return switch (recovery.after(end, tried)) {
            case Recovery.Step.Stop() -> null;
            case Recovery.Step.GiveUp(UpstreamEnd upstreamEnd) -> {
                if (state.get() instanceof Rotating rotating) {
                    recordRotation(rotating, "failed");
                }
                end(upstreamEnd);
                yield null;
            }
            case Recovery.Step.Reconnect(Continuation next, int attempt, Duration wait) -> {
                if (attempt > 0) {
                    sendToClient(new GatewayMessage.Reconnecting(attempt, wait.toMillis()), services.now());
                    services.pause(wait);
                }
                yield next;
            }
        };
    }

    /** The result of a function call that the model cancelled or never made: it goes no further. */
    void refuseToolResponse(Entry<ClientMessage> entry) {
        recorder.onDropped(Direction.UP, entry, DropReason.STALE);
        reportProblem(
                "tool_call_gone", "the model does not wait for the result of this function call, or not any more");
    }

    /** The line wants the pump's attention. */
    void wakeUpstreamWriter() {
        upstreamWriter.wake();
    }

    /** A watchdog of the line found something. */
    void onAlarm(UpstreamWatchdog.Alarm alarm) {
        services.meters().watchdog(alarm.name().toLowerCase(Locale.ROOT));
        LOG.infof("watchdog %s session=%s", alarm, id);
    }

    private void recordRotation(Rotating rotating, String outcome) {
        Duration gap = Duration.ofNanos(services.now() - rotating.sinceNanos());
        services.meters().rotated(rotating.trigger().label(), outcome, gap);
        LOG.debugf(
                "upstream changed session=%s trigger=%s outcome=%s gap=%dms",
                id, rotating.trigger().label(), outcome, gap.toMillis());
    }

    // ---- what the down pump reports ------------------------------------------------------------------------------

    /** A message has left for the client, or could not. */
    void onWritten(Entry<DownstreamMessage> entry, TurnNumber turn, long takenNanos, boolean failed) {
        long now = services.now();
        if (failed) {
            recorder.onDropped(Direction.DOWN, entry, DropReason.ENDED);
            client.onWriteFailed(now);
            return;
        }
        GatewayMessage.Timing timing = recorder.onWrittenDownstream(entry, turn, takenNanos, now);
        if (timing != null) {
            // Before what waits, so that it is told within the turn it belongs to.
            client.sendNext(timing, now);
        }
    }

    // ---- the client goes and comes back --------------------------------------------------------------------------

    private boolean canResume() {
        return tokens.clientHasToken() && !services.limits().resumeGrace().isZero();
    }

    /** The conversation waits for its client; the model shall not wait for the end of its sentence. */
    private void onClientAway(EndCause cause) {
        Negotiated negotiated = negotiated();
        if (negotiated != null) {
            clientRelay.endSpeech(negotiated);
        }
        LOG.debugf("client away session=%s cause=%s", id, cause.label());
    }

    /**
     * The client is back, with a token, behind another socket. The newest socket wins.
     *
     * @param arrival whose socket it is so far; left as it is when the conversation does not go on here
     * @param sequence of the token
     * @return whether the conversation goes on here
     */
    boolean attach(LiveSession arrival, long sequence) {
        UpstreamConnection open = upstream;
        // Asked before the client's lock is taken: the model's event loop takes them the other way round.
        boolean answering = open != null && open.turnOpen();
        synchronized (client) {
            if (modelReleased() || !tokens.use(sequence)) {
                return false;
            }
            Downstream socket = arrival.detachSocket();
            resumed = true;
            trace.follows(socket.traceparent());
            Negotiated negotiated = negotiated();
            client.attach(
                    socket,
                    negotiated == null ? List.of() : List.of(greeting(negotiated, Memory.RESUMED, answering)),
                    services.now());
        }
        onActivity();
        if (state.get() instanceof Ended) {
            client.finish();
        }
        return true;
    }

    /** For how long the client has been away. */
    long clientAbsenceNanos() {
        return client.detachedForNanos(services.now());
    }

    /** Another session takes over the client's socket; this one had not begun. */
    Downstream detachSocket() {
        Downstream socket = client.release();
        end(EndCause.REATTACHED, EndCause.REATTACHED.sentence());
        return socket;
    }

    /** The conversation goes on from a token. Its memory may still be on its way from another instance. */
    void onResume(ResumeToken token) {
        resumed = true;
        timeLimits.addEarlierDuration(tokens.onResume(token));
        SessionState waiting = state.get();
        if (waiting instanceof AwaitingSetup) {
            state.compareAndSet(waiting, new Connecting(services.now()));
        }
    }

    /** The memory is there: the model is called. */
    void restore(ResumeToken token) {
        trace.follows(token.traceparent());
        tokens.schedule().issuedElsewhere(token.sequence());
        memory.adopt(new ConversationMemory.Snapshot(token.setup(), token.model(), token.handle(), token.transcript()));
        upstreamWriter.start(new ClientMessage.Setup(token.setup()));
    }

    // ---- the conversation goes elsewhere -------------------------------------------------------------------------

    /**
     * Lets go of the conversation, for another instance. Blocks until the model's line is closed.
     *
     * @return a token that knows all of it; nothing when there is no conversation to speak of
     */
    Optional<String> release() throws InterruptedException {
        releaseModel(EndCause.MOVED);
        Optional<String> sealed = tokens.sealState(services.now());
        EndCause cause = state.get() instanceof Moving(EndCause why) ? why : EndCause.MOVED;
        end(cause, cause.sentence());
        return sealed;
    }

    /** The process is on its way out; with {@code null}, it stays after all. */
    void drain(@Nullable DrainWindow when) {
        drainWindow = when;
    }

    /** Lets go of the model and tells the client to go on elsewhere; the clock then gives it time to. */
    private void migrate() {
        try {
            releaseModel(EndCause.DRAIN);
            tokens.migration(services.now()).ifPresent(migrate -> sendToClient(migrate, services.now()));
            client.awaitMigration(services.now() + MIGRATION_TIME.toNanos());
        } catch (InterruptedException e) {
            fault("moving the conversation", new IllegalStateException(e));
        } catch (RuntimeException e) {
            fault("moving the conversation", e);
        }
    }

    private void releaseModel(EndCause why) throws InterruptedException {
        SessionState before;
        do {
            before = state.get();
        } while (!(before instanceof Ended)
                && !(before instanceof Moving)
                && !state.compareAndSet(before, new Moving(why)));
        up.discard();
        upstreamWriter.wake();
        upstreamWriter.awaitStopped(UPSTREAM_CLOSE_TIMEOUT);
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Ends the session if one of its deadlines has passed, and looks after its line. Called several times a second. */
    void checkDeadlines() {
        long now = services.now();
        recorder.sample(now);
        SessionState current = state.get();
        if (current instanceof Ended) {
            return;
        }
        if (current instanceof Moving(EndCause why)) {
            if (client.migrationOver(now)) {
                end(why, why.sentence());
            }
            return;
        }
        if (client.writeFailedForNanos(now) > CLOSE_EVENT_GRACE.toNanos()) {
            onClientUnreachable();
        } else if (client.detachedForNanos(now)
                > services.limits().resumeGrace().toNanos()) {
            end(client.detachCause(), client.detachCause().sentence());
        } else if (current instanceof AwaitingSetup
                && now - startedNanos > services.limits().setupTimeout().toNanos()) {
            end(EndCause.SETUP_TIMEOUT, EndCause.SETUP_TIMEOUT.sentence());
        } else {
            boolean talking = current instanceof Live || current instanceof Rotating;
            IdleAndDurationLimits.Notice notice = timeLimits.check(now, talking && !memory.callPending());
            if (notice != null) {
                onTimeLimit(notice);
            }
            UpstreamConnection open = upstream;
            if (open != null) {
                open.tick(now);
            }
            offerToken(now);
            DrainWindow leaving = drainWindow;
            if (leaving != null) {
                checkDrain(leaving, now);
            }
        }
    }

    private void onClientUnreachable() {
        if (canResume()) {
            client.detach(EndCause.CLIENT_LOST, services.now());
            onClientAway(EndCause.CLIENT_LOST);
        } else {
            end(EndCause.CLIENT_LOST, EndCause.CLIENT_LOST.sentence());
        }
    }

    private void offerToken(long now) {
        if (resumable && negotiated() != null && !client.isDetached()) {
            tokens.offer(now).ifPresent(offer -> sendToClient(offer, now));
        }
    }

    /** A conversation leaves in a pause. Who has not begun, is away, or knows no tokens, is told to call again. */
    private void checkDrain(DrainWindow window, long now) {
        SessionState current = state.get();
        UpstreamConnection open = upstream;
        if (current instanceof AwaitingSetup || client.isDetached()) {
            end(EndCause.DRAIN, EndCause.DRAIN.sentence());
        } else if (window.due(now, open != null && open.isIdle(now, MAX_WAIT_FOR_HANDLE))) {
            if (resumable && negotiated() != null && state.compareAndSet(current, new Moving(EndCause.DRAIN))) {
                Thread.ofVirtual().name("livebridge-migrate-" + id).start(this::migrate);
            } else {
                end(EndCause.DRAIN, EndCause.DRAIN.sentence());
            }
        }
    }

    private void onTimeLimit(IdleAndDurationLimits.Notice notice) {
        EndCause cause = notice.cause();
        if (notice.inMillis() == 0) {
            end(cause, cause.sentence());
        } else {
            String warning = cause == EndCause.IDLE_TIMEOUT
                    ? "Nobody has said anything for a while; the conversation will end soon."
                    : "The conversation will soon reach its maximum duration.";
            sendToClient(new GatewayMessage.Warning(cause.label(), warning, notice.inMillis()), services.now());
        }
    }

    /** Somebody did something. */
    void onActivity() {
        timeLimits.onActivity(services.now());
    }

    // ---- the ending ----------------------------------------------------------------------------------------------

    /**
     * Ends the conversation; only the first call counts.
     *
     * @param cause why
     * @param message for people, free of secrets
     * @return whether this call was the one that ended it
     */
    public boolean end(EndCause cause, String message) {
        return end(
                new Ended(cause, message, services.now(), null),
                new GatewayMessage.Problem(cause.label(), message, cause.remedy(), cause.retryAfterMillis(), true));
    }

    private void end(UpstreamEnd upstream) {
        EndCause cause = upstream.cause();
        String remedy = upstream.remedy() == null ? cause.remedy() : upstream.remedy();
        end(
                new Ended(cause, upstream.message(), services.now(), upstream),
                new GatewayMessage.Problem(
                        cause.label(), upstream.sentence(), remedy, upstream.retryAfterMillis(), true));
    }

    private boolean end(Ended ended, GatewayMessage.Problem problem) {
        EndCause cause = ended.cause();
        SessionState before;
        do {
            before = state.get();
            if (before instanceof Ended) {
                return false;
            }
        } while (!state.compareAndSet(before, ended));
        account.onSessionEnded();
        up.discard();
        upstreamWriter.stop();
        if (cause.clientGone()) {
            client.abort();
        } else {
            if (cause == EndCause.SLOW_CONSUMER || cause == EndCause.MAX_DURATION) {
                client.dropMedia(DropReason.ENDED);
            }
            if (!client.isDetached()) {
                sendToClient(problem, services.now());
            }
            client.finish();
        }
        trace.end(cause.label(), dialect, cause.ofModel() || cause == EndCause.INTERNAL);
        services.onEnded(this, ended);
        client.whenClosed(() -> {
            account.close();
            services.onClosed(this);
        });
        return true;
    }

    /** A defect of ours: the log gets the details, the client only that it was us. */
    public void fault(String doing, RuntimeException e) {
        LOG.errorf(e, "fault while %s session=%s", doing, id);
        end(EndCause.INTERNAL, EndCause.INTERNAL.sentence());
    }

    /** Says something to the client. */
    void sendToClient(DownstreamMessage message, long receivedNanos) {
        client.send(message, receivedNanos);
    }

    // ---- what others may know ------------------------------------------------------------------------------------

    /** The session's id. */
    public String id() {
        return id;
    }

    /** The memory that this session makes the process keep; edges count there what they hold for it. */
    public SessionAccount account() {
        return account;
    }

    /** The dialect's metric label. */
    String dialect() {
        return dialect;
    }

    /** The tokens of this conversation. */
    TokenSchedule tokens() {
        return tokens.schedule();
    }

    /** Whether the model is no longer part of this session. */
    boolean modelReleased() {
        return state.get() instanceof Moving || state.get() instanceof Ended;
    }

    /** What the pumps have written. */
    RelayRecorder recorder() {
        return recorder;
    }

    /** What of the conversation outlives its connections. */
    public ConversationMemory memory() {
        return memory;
    }

    /** Everything sessions share. */
    SessionServices services() {
        return services;
    }

    /** Where the session stands. */
    SessionState state() {
        return state.get();
    }

    /** {@link System#nanoTime()} at the session's start. */
    public long startedNanos() {
        return startedNanos;
    }

    /** What was last agreed with the model, also after the session's end; {@code null} if it never began. */
    @Nullable
    Negotiated lastNegotiated() {
        return lastNegotiated;
    }

    /** What an operator may know. */
    SessionSummary summary() {
        long now = services.now();
        Negotiated last = lastNegotiated;
        return new SessionSummary(
                id,
                dialect,
                state.get().label(),
                last == null ? "" : last.model(),
                Duration.ofNanos(now - startedNanos),
                timeLimits.idleTime(now),
                up.bytes(),
                client.bytes(),
                recorder.perSecond(Direction.UP),
                recorder.perSecond(Direction.DOWN));
    }
}
