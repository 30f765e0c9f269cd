package dev.livebridge.session;

import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TurnComplete;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.queue.WriteWindow;
import dev.livebridge.session.turn.PauseDetector;
import dev.livebridge.session.turn.TurnTracker;
import dev.livebridge.session.turn.UserInput;
import dev.livebridge.session.upstream.ConnectionEnd;
import dev.livebridge.session.upstream.DroppedCalls;
import dev.livebridge.session.upstream.Heartbeat;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.RotationPolicy;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamWatchdog;
import dev.livebridge.session.upstream.UpstreamWatchdog.Alarm;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the model, from its opening until it is released. A session has one at a time. After
 * {@link #release} all events of this connection are ignored.
 *
 * <p>The state of one connection is here, guarded by this object: turns, watchdog, heartbeat, rotation. It is the only
 * object that the model's event loop, the registry's clock and the upstream writer all lock, each for microseconds.
 */
final class UpstreamConnection implements UpstreamListener {

    private static final Logger LOG = Logger.getLogger(UpstreamConnection.class);

    /** A connection that has been open for this time works, even without messages. */
    private static final Duration WORKING_AFTER = Duration.ofMinutes(1);

    /** A connection with messages that has been open for this time is stable: it resets the count of attempts. */
    private static final Duration STABLE_AFTER = Duration.ofSeconds(30);

    /** A planned rotation before this age counts as an attempt. */
    private static final Duration MIN_AGE_FOR_FREE_ROTATION = Duration.ofSeconds(2);

    private final SessionScope scope;
    private final ServerMessageRelay serverRelay;
    private final Runnable wakeWriter;
    private final WriteWindow window;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final TurnTracker turns = new TurnTracker();
    private final UpstreamWatchdog watchdog;
    private final PauseDetector pauses;
    private final RotationPolicy rotation;
    private final Heartbeat heartbeat;
    private final Set<String> pendingCallIds = new HashSet<>();
    private final DroppedCalls droppedCalls = new DroppedCalls();
    private long pendingCallBytes;
    private final long openedNanos;
    private final boolean first;
    private boolean callWithoutIdPending;
    private boolean released;
    private boolean confirmed;
    private boolean conversationSeen;
    private boolean turnEndAdded;
    private long writeFailedNanos;
    private volatile boolean pingDue;
    private volatile @Nullable ConnectionEnd ending;

    /**
     * A connection that is being opened.
     *
     * @param serverRelay gets the model's messages
     * @param continuation what the model shall know of the conversation
     * @param window of the writes that are not finished
     * @param wakeWriter called when the writer has something else to do than to wait for messages
     */
    UpstreamConnection(
            SessionScope scope,
            ServerMessageRelay serverRelay,
            UserInput userInput,
            Continuation continuation,
            WriteWindow window,
            Runnable wakeWriter) {
        SessionContext context = scope.context();
        long now = context.now();
        this.scope = scope;
        this.serverRelay = serverRelay;
        this.wakeWriter = wakeWriter;
        this.window = window;
        this.openedNanos = now;
        this.first = continuation instanceof Continuation.New;
        this.watchdog = new UpstreamWatchdog(continuation instanceof Continuation.Resumed);
        this.pauses = new PauseDetector(userInput, now);
        this.heartbeat = new Heartbeat(context.upstreamLimits().silenceTimeout(), now);
        this.rotation = new RotationPolicy(
                now,
                context.upstreamLimits().maxAge(ConnectionTraits.USUAL),
                context.random().getAsDouble());
    }

    // ---- from the model's event loop -----------------------------------------------------------------------------

    @Override
    public synchronized void onMessages(List<ServerMessage> messages, int bytes, long receivedNanos) {
        if (released) {
            return;
        }
        scope.events().set();
        heartbeat.onReceived(receivedNanos);
        boolean turningPoint = false;
        for (ServerMessage message : messages) {
            onMessage(message, receivedNanos);
            turningPoint |= message instanceof TurnComplete || message instanceof ServerMessage.ResumptionUpdate;
        }
        if (turningPoint) {
            // Check for rotation here too: if the user replies at once, the pause can be shorter than the 100 ms tick.
            rotateIfDue(receivedNanos);
        }
    }

    @Override
    public synchronized void onPong(long receivedNanos) {
        heartbeat.onPong(receivedNanos);
    }

    @Override
    public synchronized void onClosed(UpstreamEnd end) {
        if (released) {
            return;
        }
        scope.context().meters().upstreamClosed(end.code(), end.cause().label());
        onLost(RotationTrigger.LOST, end);
    }

    private void onMessage(ServerMessage message, long receivedNanos) {
        if (turns.missedEnd(message, receivedNanos)) {
            addTurnEnd(TurnComplete.INTERRUPTED, receivedNanos);
        }
        List<String> dropped = droppedCalls.onServerMessage(message);
        if (!dropped.isEmpty()) {
            onMessage(new ServerMessage.ToolCallCancellation(dropped), receivedNanos);
        }
        boolean strayEnd = turnEndAdded && !turns.open();
        turns.onServerMessage(message, receivedNanos);
        watchdog.onServerMessage(message, receivedNanos);
        pauses.onServerMessage(message, receivedNanos);
        conversationSeen |= message.ofTurn();
        switch (message) {
            case ServerMessage.SetupComplete _ -> {
                confirmed = true;
                decided.countDown();
            }
            case ServerMessage.GoAway(Duration timeLeft) -> rotation.onGoAway(timeLeft, receivedNanos);
            case ServerMessage.ToolCall call -> {
                callWithoutIdPending |= call.calls().stream().anyMatch(each -> each.id() == null);
                call.ids().forEach(this::onCall);
            }
            case ServerMessage.ToolCallCancellation cancellation ->
                cancellation.ids().forEach(pendingCallIds::remove);
            case ServerMessage.TurnComplete _ -> {
                turnEndAdded = false;
                if (strayEnd) {
                    // The model's own turnComplete for a turn that is already completed (PLAYED_OUT). The client must
                    // not get two.
                    return;
                }
            }
            case ServerMessage.TurnContent _, ServerMessage.TurnEvent _, ServerMessage.Housekeeping _ -> {}
        }
        serverRelay.onServerMessage(message, turns.muted(), receivedNanos);
    }

    /** The id of a call is known until the connection is released. */
    private void onCall(String id) {
        long bytes = 2L * Weight.OBJECT + Weight.of(id);
        if (!pendingCallIds.contains(id) && scope.account().add(SessionAccount.Part.MEMORY, bytes)) {
            pendingCallIds.add(id);
            pendingCallBytes += bytes;
        }
    }

    // ---- from the clock ------------------------------------------------------------------------------------------

    /** Checks whether the connection has failed or must be replaced. */
    synchronized void tick(long now) {
        if (released || !confirmed || ending != null) {
            return;
        }
        if (window.stuckNanos(now)
                > scope.context().upstreamLimits().stallTimeout().toNanos()) {
            onLost(RotationTrigger.STALLED, connectionBroken("The connection to Gemini accepts no more data."));
            return;
        }
        if (writeFailedNanos != 0 && now - writeFailedNanos > SessionLimits.CLOSE_EVENT_GRACE.toNanos()) {
            onLost(RotationTrigger.LOST, connectionBroken("The connection to Gemini broke."));
            return;
        }
        if (heartbeat.isLost(now)) {
            onLost(RotationTrigger.STALLED, connectionBroken("Gemini sends nothing any more, not even a pong."));
            return;
        }
        if (heartbeat.pingDue(now)) {
            pingDue = true;
            wakeWriter.run();
        }
        Alarm alarm = watchdog.check(now, scope.memory().callPending());
        if (alarm != null) {
            onAlarm(alarm, now);
        }
        rotateIfDue(now);
    }

    /** See {@link SessionTimer.Timed#dueInNanos}. */
    synchronized long dueInNanos(long now) {
        boolean settled = confirmed
                && !released
                && ending == null
                && writeFailedNanos == 0
                && !pingDue
                && !turns.open()
                && !scope.memory().callPending()
                && window.stuckNanos(now) == 0;
        return settled
                ? Math.min(heartbeat.dueInNanos(now), Math.min(watchdog.dueInNanos(now), rotation.dueInNanos(now)))
                : 0;
    }

    private void rotateIfDue(long now) {
        if (!confirmed || ending != null) {
            return;
        }
        boolean pause = !scope.memory().callPending() && pauses.isPause(now, turns.open());
        RotationTrigger due = rotation.due(now, pause, scope.memory().handleNotBefore(pauses.contentOverNanos()));
        if (due != null) {
            toEnding(plannedRotation(due, now));
        }
    }

    /**
     * Whether the session can give up this connection without loss: there is a pause, no function call is pending, and
     * there is a handle that includes the last turn.
     *
     * @param handlePatience how long after the last turn to wait for such a handle
     */
    synchronized boolean isIdle(long now, Duration handlePatience) {
        return !released
                && confirmed
                && !scope.memory().callPending()
                && pauses.isPause(now, turns.open())
                && (scope.memory().handleNotBefore(pauses.contentOverNanos())
                        || now - pauses.contentOverNanos() > handlePatience.toNanos());
    }

    private void onAlarm(Alarm alarm, long now) {
        scope.context().meters().watchdog(alarm.name().toLowerCase(Locale.ROOT));
        LOG.infof("watchdog %s session=%s", alarm, scope.id());
        switch (alarm) {
            case POISONED_RESUME -> toEnding(plannedRotation(RotationTrigger.POISONED, now));
            case ENDLESS_REPLY -> addTurnEnd(TurnComplete.PLAYED_OUT, now);
        }
    }

    /** Completes a turn for the model; if the model's own {@code turnComplete} still comes, it is dropped. */
    private void addTurnEnd(String reason, long now) {
        onMessage(new TurnComplete(reason), now);
        turnEndAdded = true;
    }

    private static UpstreamEnd connectionBroken(String message) {
        return new UpstreamEnd(1006, EndCause.UPSTREAM_LOST, RetryClass.RESUME, message);
    }

    /**
     * Some models neither confirm nor refuse a setup that they do not support (gemini-live-api.md section 20 row 18).
     */
    private static UpstreamEnd setupUnanswered(Duration limit) {
        return new UpstreamEnd(
                1006,
                EndCause.UPSTREAM_REJECTED,
                RetryClass.NEVER,
                "Gemini neither confirmed nor refused the setup within " + limit.toSeconds() + " seconds.",
                "Leave out what the model may not know (proactivity, enableAffectiveDialog), or ask for another model.",
                "");
    }

    /** The setup was confirmed before, so another attempt may succeed. */
    private static UpstreamEnd resumptionUnanswered(Duration limit) {
        return new UpstreamEnd(
                1006,
                EndCause.UPSTREAM_UNREACHABLE,
                RetryClass.RESUME,
                "Gemini did not confirm the setup within " + limit.toSeconds() + " seconds.");
    }

    // ---- from the upstream writer
    // ----------------------------------------------------------------------------------------

    /**
     * Waits until the model has confirmed the setup.
     *
     * @return whether it has
     * @throws InterruptedException when the session ended
     */
    boolean awaitConfirmed(Duration limit) throws InterruptedException {
        if (!decided.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            synchronized (this) {
                onLost(RotationTrigger.LOST, first ? setupUnanswered(limit) : resumptionUnanswered(limit));
            }
        }
        synchronized (this) {
            return confirmed && ending == null;
        }
    }

    /** What was negotiated; called before the connection is used, so that the first call of the model is watched. */
    synchronized void onNegotiated(Negotiated negotiated) {
        rotation.limitAge(scope.context().upstreamLimits().maxAge(negotiated.traits()));
        if (negotiated.traits().dropsCallsSilently()) {
            droppedCalls.watch(negotiated.blockingFunctions());
        }
    }

    /** Results of function calls are written. */
    synchronized void onResults(List<String> ids) {
        droppedCalls.onResults(ids);
    }

    /** Whether the writer must give up this connection. */
    boolean isEnding() {
        return ending != null;
    }

    /** Whether the writer must send a ping. */
    boolean pingDue() {
        return pingDue;
    }

    /** The writer sends a ping. */
    synchronized void onPingSent() {
        pingDue = false;
        heartbeat.onPingSent(scope.now());
    }

    /** Whether the connection is lost. */
    boolean isLost() {
        return ending instanceof ConnectionEnd.ConnectionLost;
    }

    /** A write has failed. The close event, which has a better cause, usually follows. */
    synchronized void onWriteFailed() {
        scope.events().set();
        if (writeFailedNanos == 0) {
            writeFailedNanos = scope.now();
        }
    }

    /**
     * Whether the model made this call on this connection and has not cancelled it.
     *
     * @param id {@code null} for a result without id, which answers a call without id
     */
    synchronized boolean awaitsResult(@Nullable String id) {
        return id == null ? callWithoutIdPending : pendingCallIds.contains(id);
    }

    /**
     * Ignores all further events.
     *
     * @return why the connection is given up
     */
    synchronized ConnectionEnd release() {
        released = true;
        scope.account().subtract(SessionAccount.Part.MEMORY, pendingCallBytes);
        pendingCallBytes = 0;
        ConnectionEnd end = ending;
        return end == null ? new ConnectionEnd.SessionEnded() : end;
    }

    /** Whether the model's turn is open, or was at the release. */
    synchronized boolean turnOpen() {
        return turns.open();
    }

    private void onLost(RotationTrigger trigger, UpstreamEnd end) {
        long age = scope.now() - openedNanos;
        boolean old = age > WORKING_AFTER.toNanos();
        boolean stable = confirmed && (old || (conversationSeen && age > STABLE_AFTER.toNanos()));
        toEnding(new ConnectionEnd.ConnectionLost(
                trigger, end, confirmed, confirmed && (conversationSeen || old), stable));
    }

    private ConnectionEnd plannedRotation(RotationTrigger trigger, long now) {
        return new ConnectionEnd.PlannedRotation(trigger, now - openedNanos > MIN_AGE_FOR_FREE_ROTATION.toNanos());
    }

    /** Keeps the first reason, except that a loss replaces a planned rotation. */
    private void toEnding(ConnectionEnd next) {
        if (ending == null || next instanceof ConnectionEnd.ConnectionLost) {
            ending = next;
            decided.countDown();
            wakeWriter.run();
        }
    }
}
