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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the model, as the session hears it, from the call until it is let go. A conversation has one at a
 * time; once let go a line is deaf, so whatever an old connection still says or does is nobody's concern.
 *
 * <p>Everything that is one connection long lives here, guarded by this object: whose turn it is, what is watched, when
 * to change. The model's event loop, the registry's clock and the up pump meet here and nowhere else; each stays for
 * microseconds.
 */
final class UpstreamConnection implements UpstreamListener {

    /** How long a failed write waits for its socket's close event to name a better cause. */
    private static final Duration BROKEN_GRACE = Duration.ofSeconds(2);

    /** A connection that has stood for so long works, even if nobody said a word. */
    private static final Duration PROVEN = Duration.ofMinutes(1);

    /** A connection that carried traffic for so long was stable: the count of attempts begins anew after it. */
    private static final Duration STABLE = Duration.ofSeconds(30);

    /** A connection that is left on purpose before this age counts as an attempt. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final LiveSession session;
    private final WriteWindow window;
    private final CountDownLatch decided = new CountDownLatch(1);
    private final TurnTracker turns = new TurnTracker();
    private final UpstreamWatchdog watchdogs;
    private final PauseDetector floor;
    private final RotationPolicy rotation;
    private final Heartbeat heartbeat;
    private final Set<String> askedCalls = new HashSet<>();
    private final DroppedCalls droppedCalls = new DroppedCalls();
    private long askedBytes;
    private final long openedNanos;
    private final boolean first;
    private boolean asked;
    private boolean letGo;
    private boolean confirmed;
    private boolean traffic;
    private boolean madeUpEnd;
    private long brokenNanos;
    private volatile boolean pingWanted;
    private volatile @Nullable ConnectionEnd departure;

    UpstreamConnection(LiveSession session, Continuation continuation, UserInput user, WriteWindow window) {
        SessionServices services = session.services();
        long now = services.now();
        this.session = session;
        this.window = window;
        this.openedNanos = now;
        this.first = continuation instanceof Continuation.New;
        this.watchdogs = new UpstreamWatchdog(continuation instanceof Continuation.Resumed);
        this.floor = new PauseDetector(user, now);
        this.heartbeat = new Heartbeat(services.upstreamLimits().silenceTimeout(), now);
        this.rotation =
                new RotationPolicy(now, services.upstreamLimits().maxAge(ConnectionTraits.USUAL), services.random());
    }

    // ---- from the model's event loop -----------------------------------------------------------------------------

    @Override
    public synchronized void onMessages(List<ServerMessage> messages, int bytes, long receivedNanos) {
        if (letGo) {
            return;
        }
        heartbeat.heard(receivedNanos);
        boolean turningPoint = false;
        for (ServerMessage message : messages) {
            hear(message, receivedNanos);
            turningPoint |= message instanceof TurnComplete || message instanceof ServerMessage.ResumptionUpdate;
        }
        if (turningPoint) {
            // Among people who answer at once this is the only pause there is; the clock would come too late.
            renewIfDue(receivedNanos);
        }
    }

    @Override
    public synchronized void onPong(long receivedNanos) {
        heartbeat.answered(receivedNanos);
    }

    @Override
    public synchronized void onClosed(UpstreamEnd end) {
        if (letGo) {
            return;
        }
        session.services().meters().upstreamClosed(end.code(), end.cause().label());
        lose(RotationTrigger.LOST, end);
    }

    private void hear(ServerMessage message, long receivedNanos) {
        if (turns.missedEnd(message, receivedNanos)) {
            addTurnEnd(TurnComplete.INTERRUPTED, receivedNanos);
        }
        List<String> dropped = droppedCalls.onServerMessage(message);
        if (!dropped.isEmpty()) {
            hear(new ServerMessage.ToolCallCancellation(dropped), receivedNanos);
        }
        boolean strayEnd = madeUpEnd && !turns.open();
        turns.observe(message, receivedNanos);
        watchdogs.heard(message, receivedNanos);
        floor.heard(message, receivedNanos);
        traffic |= isTraffic(message);
        switch (message) {
            case ServerMessage.SetupComplete _ -> {
                confirmed = true;
                decided.countDown();
            }
            case ServerMessage.GoAway(Duration timeLeft) -> rotation.goAway(timeLeft, receivedNanos);
            case ServerMessage.ToolCall call -> {
                asked |= call.calls().stream().anyMatch(each -> each.id() == null);
                call.ids().forEach(this::asked);
            }
            case ServerMessage.ToolCallCancellation cancellation ->
                cancellation.ids().forEach(askedCalls::remove);
            case ServerMessage.TurnComplete _ -> {
                madeUpEnd = false;
                if (strayEnd) {
                    // The end that was made up for the client comes after all.
                    return;
                }
            }
            case ServerMessage.Interrupted _,
                    ServerMessage.Audio _,
                    ServerMessage.Text _,
                    ServerMessage.OtherPart _,
                    ServerMessage.Transcription _,
                    ServerMessage.Grounding _,
                    ServerMessage.GenerationComplete _,
                    ServerMessage.InteractionStatus _,
                    ServerMessage.WaitingForInput _,
                    ServerMessage.Usage _,
                    ServerMessage.ResumptionUpdate _,
                    ServerMessage.VoiceActivity _,
                    ServerMessage.Unknown _ -> {}
        }
        session.onServerMessage(message, turns.muted(), receivedNanos);
    }

    /** A call's id is known as long as the connection is there. */
    private void asked(String id) {
        long bytes = 2L * Weight.OBJECT + Weight.of(id);
        if (!askedCalls.contains(id) && session.account().add(SessionAccount.Part.MEMORY, bytes)) {
            askedCalls.add(id);
            askedBytes += bytes;
        }
    }

    /** Whether it shows that there is a conversation; the counters of failures begin anew with it. */
    private static boolean isTraffic(ServerMessage message) {
        return switch (message) {
            case ServerMessage.Audio _,
                    ServerMessage.Text _,
                    ServerMessage.OtherPart _,
                    ServerMessage.Transcription _,
                    ServerMessage.ToolCall _,
                    ServerMessage.TurnComplete _,
                    ServerMessage.Interrupted _,
                    ServerMessage.GenerationComplete _,
                    ServerMessage.Grounding _ -> true;
            case ServerMessage.SetupComplete _,
                    ServerMessage.ToolCallCancellation _,
                    ServerMessage.InteractionStatus _,
                    ServerMessage.WaitingForInput _,
                    ServerMessage.Usage _,
                    ServerMessage.ResumptionUpdate _,
                    ServerMessage.GoAway _,
                    ServerMessage.VoiceActivity _,
                    ServerMessage.Unknown _ -> false;
        };
    }

    // ---- from the clock ------------------------------------------------------------------------------------------

    /** Looks whether something is wrong, or it is time for another connection. */
    synchronized void tick(long now) {
        if (letGo || !confirmed || departure != null) {
            return;
        }
        if (window.stuckNanos(now)
                > session.services().upstreamLimits().stallTimeout().toNanos()) {
            lose(RotationTrigger.STALLED, broken("The connection to Gemini takes nothing any more."));
            return;
        }
        if (brokenNanos != 0 && now - brokenNanos > BROKEN_GRACE.toNanos()) {
            lose(RotationTrigger.LOST, broken("The connection to Gemini broke."));
            return;
        }
        if (heartbeat.lost(now)) {
            lose(
                    RotationTrigger.STALLED,
                    broken("Nothing is heard from Gemini any more, not even the answer to a ping."));
            return;
        }
        if (heartbeat.due(now)) {
            pingWanted = true;
            session.callUpPump();
        }
        Alarm alarm = watchdogs.check(now, session.memory().callPending());
        if (alarm != null) {
            alarmed(alarm, now);
        }
        renewIfDue(now);
    }

    private void renewIfDue(long now) {
        if (!confirmed || departure != null) {
            return;
        }
        boolean pause = !session.memory().callPending() && floor.free(now, turns.open());
        RotationTrigger due = rotation.due(now, pause, session.memory().handleNotBefore(floor.contentOverNanos()));
        if (due != null) {
            leave(renewal(due, now));
        }
    }

    /**
     * Whether the conversation can leave this connection without anybody noticing: nobody has the floor, no function
     * runs, and there is a handle that knows everything.
     *
     * @param handlePatience how long such a handle is waited for
     */
    synchronized boolean atRest(long now, Duration handlePatience) {
        return !letGo
                && confirmed
                && !session.memory().callPending()
                && floor.free(now, turns.open())
                && (session.memory().handleNotBefore(floor.contentOverNanos())
                        || now - floor.contentOverNanos() > handlePatience.toNanos());
    }

    private void alarmed(Alarm alarm, long now) {
        session.alarmed(alarm);
        switch (alarm) {
            case POISONED_RESUME -> leave(renewal(RotationTrigger.POISONED, now));
            case ENDLESS_REPLY -> addTurnEnd(TurnComplete.PLAYED_OUT, now);
        }
    }

    /** Completes a turn in the model's place; the model's own {@code turnComplete} is dropped if it comes after all. */
    private void addTurnEnd(String reason, long now) {
        hear(new TurnComplete(reason), now);
        madeUpEnd = true;
    }

    private static UpstreamEnd broken(String message) {
        return new UpstreamEnd(1006, EndCause.UPSTREAM_LOST, RetryClass.RESUME, message);
    }

    /** Some models neither confirm nor refuse a setup they do not like (gemini-live-api.md section 20 row 18). */
    private static UpstreamEnd setupSwallowed(Duration limit) {
        return new UpstreamEnd(
                1006,
                EndCause.UPSTREAM_REJECTED,
                RetryClass.NEVER,
                "Gemini neither confirmed nor refused the setup within " + limit.toSeconds() + " seconds.",
                "Leave out what the model may not know (proactivity, enableAffectiveDialog), or ask for another model.",
                "");
    }

    /** The setup was good before, so time may heal it. */
    private static UpstreamEnd resumptionSwallowed(Duration limit) {
        return new UpstreamEnd(
                1006,
                EndCause.UPSTREAM_UNREACHABLE,
                RetryClass.RESUME,
                "Gemini did not confirm the setup within " + limit.toSeconds() + " seconds.");
    }

    // ---- from the up pump ----------------------------------------------------------------------------------------

    /**
     * Waits until the model has confirmed the setup.
     *
     * @return whether it has
     * @throws InterruptedException when the session ended
     */
    boolean awaitConfirmed(Duration limit) throws InterruptedException {
        if (!decided.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            synchronized (this) {
                lose(RotationTrigger.LOST, first ? setupSwallowed(limit) : resumptionSwallowed(limit));
            }
        }
        synchronized (this) {
            return confirmed && departure == null;
        }
    }

    /** The conversation begins, or goes on, with this model. */
    synchronized void onNegotiated(Negotiated negotiated) {
        rotation.limitAge(session.services().upstreamLimits().maxAge(negotiated.traits()));
        if (negotiated.traits().dropsCallsSilently()) {
            droppedCalls.watch(negotiated.blockingFunctions());
        }
    }

    /** These results go up. */
    synchronized void onResults(List<String> ids) {
        droppedCalls.onResults(ids);
    }

    /** Whether the pump shall leave. */
    boolean left() {
        return departure != null;
    }

    /** Whether the pump shall send a ping. */
    boolean pingWanted() {
        return pingWanted;
    }

    /** The pump sends a ping. */
    synchronized void pings() {
        pingWanted = false;
        heartbeat.asks(session.services().now());
    }

    /** Whether the connection is gone. */
    boolean lost() {
        return departure instanceof ConnectionEnd.ConnectionLost;
    }

    /** A write failed. What broke the connection is usually told by its close, a moment later. */
    synchronized void writeFailed() {
        if (brokenNanos == 0) {
            brokenNanos = session.services().now();
        }
    }

    /**
     * Whether the model asked for the result of this call on this connection, and still wants it.
     *
     * @param id {@code null} for a result without id, which answers a call without id
     */
    synchronized boolean askedFor(@Nullable String id) {
        return id == null ? asked : askedCalls.contains(id);
    }

    /**
     * Becomes deaf.
     *
     * @return why the connection is left
     */
    synchronized ConnectionEnd letGo() {
        letGo = true;
        session.account().subtract(SessionAccount.Part.MEMORY, askedBytes);
        askedBytes = 0;
        ConnectionEnd why = departure;
        return why == null ? new ConnectionEnd.SessionEnded() : why;
    }

    /** Whether the model's turn is open, or was when it was let go. */
    synchronized boolean turnOpen() {
        return turns.open();
    }

    private void lose(RotationTrigger trigger, UpstreamEnd end) {
        long age = session.services().now() - openedNanos;
        boolean old = age > PROVEN.toNanos();
        boolean stable = confirmed && (old || (traffic && age > STABLE.toNanos()));
        leave(new ConnectionEnd.ConnectionLost(trigger, end, confirmed, confirmed && (traffic || old), stable));
    }

    private ConnectionEnd renewal(RotationTrigger trigger, long now) {
        return new ConnectionEnd.PlannedRotation(trigger, now - openedNanos > SETTLED.toNanos());
    }

    /** The first reason counts, except that a connection which was to be left in peace may break first. */
    private void leave(ConnectionEnd why) {
        if (departure == null || why instanceof ConnectionEnd.ConnectionLost) {
            departure = why;
            decided.countDown();
            session.callUpPump();
        }
    }
}
