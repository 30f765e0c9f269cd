package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.resumption.ResumeToken;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.token.ClientTokens;
import dev.livebridge.session.token.TokenSchedule;
import dev.livebridge.session.turn.UserInput;
import dev.livebridge.session.upstream.Recovery;
import dev.livebridge.session.upstream.RotationPolicy;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamWatchdog;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One session: a conversation between a client and a model. This class joins its parts and has its entry points; what
 * follows from an event is decided by the part that the event belongs to.
 *
 * <pre>
 *                                                   ┌─ old connection closed, new one confirmed ─┐
 *                                                   ▼                                            │
 *  AwaitingSetup ──setup──▶ Connecting ──setupComplete──▶ Live ──pause, loss──▶ Rotating(trigger)
 *        └───────────────────────┴───────────────────────┴── error, limit, client gone ──┴──▶ Ended(cause)
 *
 *  any of them ── resumed elsewhere, instance drains ──▶ Moving(cause) ── upstream closed, client gone ──▶ Ended(cause)
 * </pre>
 *
 * <p><b>State.</b> {@link SessionLifecycle} has the transitions; every part may end the session there.
 *
 * <p><b>Threads.</b> Both sockets call from event loops: {@link #onClientMessages}, {@link #reportProblem},
 * {@link #onClientClosed} from the client's, {@link UpstreamListener} from the model's. These calls decide, enqueue and
 * return. Two virtual threads, the {@link UpstreamWriter} and the {@link DownstreamWriter}, are the only ones that
 * write or close a socket. The registry's clock calls {@link #checkDeadlines}.
 *
 * <p><b>Up.</b> {@link ClientMessageRelay} puts the client's messages into the queue toward the model, the
 * {@link UpstreamWriter} writes them. Input before {@code setupComplete}, and between two connections, waits in the
 * queue, because the writer does not take from it then.
 *
 * <p><b>Down.</b> {@link UpstreamConnection} gives the model's messages to the {@link ServerMessageRelay}, which puts
 * them into the queue of the {@link DownstreamConnection}; its {@link DownstreamWriter} writes them. Each direction has
 * one queue and one writer, so messages keep their order.
 *
 * <p><b>Connections to the model.</b> A session outlives them. {@link UpstreamWriter} has one at a time, closes it,
 * waits until it is closed, and only then opens the next. {@link RotationPolicy} decides when one is replaced,
 * {@link UpstreamWatchdog} whether one has failed, {@link Recovery} how the session continues, and
 * {@link UpstreamRotation} what the client and the metrics get of it. {@link ConversationMemory} keeps what the next
 * connection must know.
 *
 * <p><b>Sockets of the client.</b> A client may lose its socket and resume with a token, here or on another instance.
 * {@link DownstreamConnection} attaches and detaches sockets, {@link ClientTokens} makes the tokens,
 * {@link SessionResumption} finds the session, {@link SessionMigration} moves it to another instance. A session without
 * a client lasts for the grace time.
 *
 * <p><b>Back-pressure.</b> Both sockets are always read. Toward the model the oldest media is dropped once the queue is
 * full. Toward the client nothing is dropped except the audio of an interrupted turn; a client that does not keep up is
 * ended with {@link EndCause#SLOW_CONSUMER}, one that takes nothing with {@link EndCause#CLIENT_STALLED}.
 * {@link SessionAccount} has the bounds of this and all other memory.
 *
 * <p><b>End.</b> The first call that ends the session decides the cause, which is logged, counted and sent. Both
 * writers then write what is left, close their sockets and stop.
 */
public final class LiveSession implements SessionTimer.Timed {

    private static final Logger LOG = Logger.getLogger(LiveSession.class);

    private final String dialect;
    private final SessionOwner owner;
    private final boolean resumable;
    private final SessionLifecycle lifecycle;
    private final SessionScope scope;
    private final Greeting greeting;
    private final MessageQueue<ClientMessage> up;
    private final ClientMessageRelay clientRelay;
    private final UpstreamRotation rotation;
    private final UpstreamWriter upstreamWriter;
    private final DownstreamConnection client;
    private final ProblemReports problems;
    private final SessionMigration migration;
    private final SessionDeadlines deadlines;
    /** Whether the client has left without ending the conversation. */
    private volatile boolean clientMayReturn;

    /**
     * A session that awaits its setup. Its downstream writer starts at once, so that the session can be refused.
     *
     * @param id unique, without meaning
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     * @param memory what is known of the conversation already
     * @param context shared by all sessions
     * @param owner is told when the session ends
     */
    LiveSession(
            String id,
            String dialect,
            Downstream downstream,
            ConversationMemory memory,
            SessionContext context,
            SessionOwner owner) {
        this(id, dialect, downstream, downstream.budget(), memory, context, owner);
    }

    /** @param budget of the conversation, in place of the one with which the socket was admitted */
    LiveSession(
            String id,
            String dialect,
            Downstream downstream,
            ConversationBudget budget,
            ConversationMemory memory,
            SessionContext context,
            SessionOwner owner) {
        this.dialect = dialect;
        this.owner = owner;
        this.resumable = downstream.resumable();
        this.lifecycle = new SessionLifecycle(id, context::now, this::onEnded);
        this.scope = SessionScope.of(
                lifecycle, new EventFlag(() -> owner.onEvent(this)), id, dialect, downstream, budget, memory, context);
        this.greeting = new Greeting(scope);
        this.client = new DownstreamConnection(scope, downstream);
        this.problems = new ProblemReports(scope, client);
        UserInput userInput = new UserInput(scope.startedNanos());
        this.up = new MessageQueue<>(scope.account(), SessionAccount.Part.QUEUE_UP);
        this.clientRelay = new ClientMessageRelay(scope, up, client, userInput, problems, this::onSetup);
        ServerMessageRelay serverRelay = new ServerMessageRelay(scope, client);
        this.rotation = new UpstreamRotation(scope, client, serverRelay, greeting);
        this.upstreamWriter = new UpstreamWriter(scope, up, client, serverRelay, rotation, userInput, problems);
        this.migration = new SessionMigration(scope, client, up, upstreamWriter, resumable);
        this.deadlines =
                new SessionDeadlines(scope, client, upstreamWriter, migration, resumable, this::onClientUnreachable);
        client.start();
    }

    // ---- events of the client's socket ---------------------------------------------------------------------------

    /**
     * A frame of the client has arrived. The first message of a session is a setup.
     *
     * @param messages in order; may be empty
     * @param receivedNanos when the frame's callback began
     */
    public void onClientMessages(List<? extends ClientMessage> messages, long receivedNanos) {
        scope.events().set();
        if (!messages.isEmpty() && !lifecycle.modelReleased()) {
            clientRelay.relay(messages, receivedNanos);
        }
    }

    private void onSetup(ClientMessage.Setup setup) {
        if (lifecycle.toConnecting()) {
            scope.onSetup(setup);
            upstreamWriter.start(setup);
        } else {
            reportProblem("second_setup", "setup must be the first message and only the first");
        }
    }

    /** A frame of the client could not be understood. The session continues. */
    public void reportProblem(String code, String message) {
        problems.report(code, message);
    }

    /** The client's first frame can't begin a session. */
    public void refuseSetup(String message) {
        end(EndCause.BAD_SETUP, message);
    }

    /**
     * A socket of the client is closed. If the client did not close it deliberately, and holds a token, the session
     * waits for the client for the grace time.
     *
     * @param socket which one; it may have been replaced already
     * @param cause of the session's end if the client does not resume
     * @param deliberate whether the client meant to end the session
     */
    public void onClientClosed(Downstream socket, EndCause cause, boolean deliberate) {
        if (!client.serves(socket)) {
            return;
        }
        clientMayReturn = !deliberate;
        if (lifecycle.state() instanceof Moving(EndCause moving)) {
            if (client.onClosed(socket, cause, scope.now()) && moving == EndCause.DRAIN) {
                end(moving, moving.sentence());
            }
        } else if (deliberate || !clientCanResume()) {
            end(cause, cause.sentence());
        } else if (client.onClosed(socket, cause, scope.now())) {
            onClientAway(cause);
        }
    }

    /**
     * Whether no token may continue the conversation, after the session has ended with a cause. A client that left, for
     * example because its page is reloaded, may return while its token is valid.
     */
    boolean isOverForGood(EndCause cause) {
        return cause.forGood() && !(cause == EndCause.CLIENT_CLOSED && clientMayReturn);
    }

    /** Whether this is the socket to which the session writes now. */
    public boolean serves(Downstream socket) {
        return client.serves(socket);
    }

    private boolean clientCanResume() {
        return scope.tokens().clientHasToken()
                && !scope.context().limits().resumeGrace().isZero();
    }

    /** The session waits for its client; the model must not wait for the end of the user's utterance. */
    private void onClientAway(EndCause cause) {
        Negotiated negotiated = lifecycle.negotiated();
        if (negotiated != null) {
            clientRelay.endSpeech(negotiated);
        }
        LOG.debugf("client away session=%s cause=%s", id(), cause.label());
    }

    // ---- the client resumes --------------------------------------------------------------------------------------

    /**
     * The client has resumed this session with a token, over another socket. The newest socket wins.
     *
     * @param arrival the session of that socket so far; unchanged when the result is {@code false}
     * @param sequence of the token
     * @return whether this session continues with the socket
     */
    boolean attach(LiveSession arrival, long sequence) {
        UpstreamConnection connection = upstreamWriter.connection();
        boolean answering = connection != null && connection.turnOpen();
        if (lifecycle.modelReleased() || !scope.tokens().use(sequence)) {
            return false;
        }
        Downstream socket = arrival.detachSocket();
        greeting.onResumed();
        scope.credential().renew(socket.caller());
        scope.trace().follows(socket.traceparent());
        client.attach(socket, () -> greeting.again(answering), scope.now());
        scope.onActivity();
        if (lifecycle.state() instanceof Ended) {
            client.finish();
        }
        return true;
    }

    /** How long the session has been without a client; zero when it has one. */
    long clientAbsenceNanos() {
        return client.detachedForNanos(scope.now());
    }

    /** Another session takes this one's socket; this one had not begun. */
    Downstream detachSocket() {
        Downstream socket = client.release();
        end(EndCause.REATTACHED, EndCause.REATTACHED.sentence());
        return socket;
    }

    /** The session continues from a token. Its memory may still be on its way from another instance. */
    void onResume(ResumeToken token) {
        greeting.onResumed();
        scope.timeLimits().addEarlierDuration(scope.tokens().onResume(token));
        lifecycle.toConnecting();
    }

    /** The memory has arrived: the session connects to the model. */
    void restore(ResumeToken token) {
        scope.trace().follows(token.traceparent());
        scope.budget().onResumed(token.spent());
        tokens().issuedElsewhere(token.sequence());
        scope.adopt(token);
        upstreamWriter.start(token.setup());
    }

    // ---- the session moves to another instance -------------------------------------------------------------------

    /**
     * Releases the session for another instance. Blocks until the connection to the model is closed.
     *
     * @return a token with all that is known of the conversation; nothing when it has not begun
     */
    Optional<String> release() throws InterruptedException {
        return migration.release();
    }

    /** The instance drains; {@code null} when it no longer does. */
    void drain(@Nullable DrainWindow window) {
        migration.drain(window);
        scope.events().set();
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Checks the session's deadlines and its connection. Called by the registry's clock. */
    @Override
    public void checkDeadlines() {
        deadlines.check();
    }

    @Override
    public long dueInNanos() {
        return deadlines.dueInNanos();
    }

    @Override
    public EventFlag events() {
        return scope.events();
    }

    /** A write has failed, and the socket's close event does not come. */
    private void onClientUnreachable() {
        if (clientCanResume()) {
            client.detach(EndCause.CLIENT_LOST, scope.now());
            onClientAway(EndCause.CLIENT_LOST);
        } else {
            end(EndCause.CLIENT_LOST, EndCause.CLIENT_LOST.sentence());
        }
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /**
     * Ends the session; only the first call has an effect.
     *
     * @param cause why
     * @param message for people, free of secrets
     * @return whether this call ended the session
     */
    public boolean end(EndCause cause, String message) {
        return lifecycle.end(cause, message);
    }

    /** Ends the session because of a defect of the gateway, see {@link SessionLifecycle#fault}. */
    @Override
    public void fault(String doing, RuntimeException fault) {
        lifecycle.fault(doing, fault);
    }

    private void onEnded(Ended ended) {
        EndCause cause = ended.cause();
        scope.account().onSessionEnded();
        up.discard();
        upstreamWriter.stop();
        if (cause.clientGone()) {
            client.abort();
        } else {
            if (cause.clientTooSlow() || cause == EndCause.MAX_DURATION) {
                client.dropMedia(DropReason.ENDED);
            }
            if (!client.isDetached()) {
                client.send(ended.problem());
            }
            client.finish();
        }
        scope.trace().end(cause.label(), dialect, cause.ofModel() || cause == EndCause.INTERNAL);
        owner.onEnded(this, ended);
        client.whenClosed(() -> {
            scope.account().close();
            owner.onClosed(this);
        });
    }

    // ---- what others may know ------------------------------------------------------------------------------------

    /** The session's id. */
    public String id() {
        return scope.id();
    }

    /** Who talks, and until when. */
    public CredentialExpiry credential() {
        return scope.credential();
    }

    /** The memory that the session keeps; edges count there what they hold for it. */
    public SessionAccount account() {
        return scope.account();
    }

    /** The dialect's metric label. */
    String dialect() {
        return dialect;
    }

    /** What the parts of the session share. */
    SessionScope scope() {
        return scope;
    }

    /** The resume tokens of this session. */
    TokenSchedule tokens() {
        return scope.tokens().schedule();
    }

    /** The state of the session. */
    SessionState state() {
        return lifecycle.state();
    }

    /** Whether the session no longer uses the model: it is moving or has ended. */
    boolean modelReleased() {
        return lifecycle.modelReleased();
    }

    /** What was negotiated last, also after the session's end; {@code null} if it never began. */
    @Nullable
    Negotiated lastNegotiated() {
        return rotation.lastNegotiated();
    }

    /** What an operator may know. */
    SessionSummary summary() {
        long now = scope.now();
        Negotiated last = lastNegotiated();
        return new SessionSummary(
                id(),
                dialect,
                lifecycle.state().label(),
                last == null ? "" : last.model(),
                Duration.ofNanos(now - scope.startedNanos()),
                scope.timeLimits().idleTime(now),
                up.bytes(),
                client.bytes(),
                scope.recorder().perSecond(Direction.UP),
                scope.recorder().perSecond(Direction.DOWN));
    }
}
