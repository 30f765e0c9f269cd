package dev.livebridge.session;

import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TurnComplete;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.SessionState.Moving;
import dev.livebridge.session.SessionState.Rotating;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.ConnectionEnd;
import dev.livebridge.session.upstream.Recovery;
import dev.livebridge.session.upstream.RetryBackoff;
import dev.livebridge.session.upstream.RotationTrigger;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the begin and the end of a connection to the model mean for the session: its state, the messages to the client
 * and the metrics. Called by the upstream writer only.
 */
final class UpstreamRotation {

    private static final Logger LOG = Logger.getLogger(UpstreamRotation.class);

    private final SessionScope scope;
    private final DownstreamConnection client;
    private final ServerMessageRelay serverRelay;
    private final Greeting greeting;
    private final Recovery recovery;
    private volatile @Nullable Negotiated lastNegotiated;

    UpstreamRotation(
            SessionScope scope, DownstreamConnection client, ServerMessageRelay serverRelay, Greeting greeting) {
        this.scope = scope;
        this.client = client;
        this.serverRelay = serverRelay;
        this.greeting = greeting;
        SessionContext context = scope.context();
        this.recovery = new Recovery(
                scope.memory(), new RetryBackoff(context.upstreamLimits().attempts(), context.random()));
    }

    /** What was negotiated last, also after the session's end; {@code null} before the first connection. */
    @Nullable
    Negotiated lastNegotiated() {
        return lastNegotiated;
    }

    /** A connection is being opened. */
    void onConnecting(Continuation continuation) {
        scope.trace().connecting(continuation.remembers().label());
    }

    /**
     * The model has confirmed the setup.
     *
     * @return whether the session uses the connection; {@code false} when it is moving or has ended
     */
    boolean onConfirmed(Continuation continuation, Negotiated negotiated) {
        SessionState before = scope.lifecycle().state();
        lastNegotiated = negotiated;
        scope.memory().onConnected(negotiated, continuation);
        scope.recorder().onModelReady(scope.now());
        scope.trace().connected();
        scope.trace().answeredBy(negotiated.backend(), negotiated.model());
        scope.budget().onUpstreamReady(negotiated.model(), negotiated.setup(), scope.now());
        return switch (before) {
            case Connecting connecting -> begin(connecting, continuation.remembers(), negotiated);
            case Rotating rotating -> resume(rotating, continuation.remembers(), negotiated);
            case AwaitingSetup _, Live _, Moving _, Ended _ -> false;
        };
    }

    private boolean begin(Connecting connecting, Memory remembers, Negotiated negotiated) {
        scope.context().meters().setupCompleted(Duration.ofNanos(scope.now() - connecting.sinceNanos()));
        scope.turnClock().onModelChosen(scope.context().meters().model(negotiated.backend(), negotiated.model()));
        scope.onActivity();
        return serverRelay.start(greeting.first(negotiated, remembers), negotiated);
    }

    private boolean resume(Rotating rotating, Memory remembers, Negotiated negotiated) {
        if (!scope.lifecycle().toLive(negotiated)) {
            return false;
        }
        record(rotating, remembers.label());
        client.send(new GatewayMessage.Reconnected(remembers));
        return true;
    }

    /**
     * The writer has released a connection. If another one follows, what was open on this one is closed toward the
     * client: the model's turn, and its function calls.
     */
    void onReleased(UpstreamConnection released, ConnectionEnd end) {
        RotationTrigger trigger = switch (end) {
            case ConnectionEnd.SessionEnded() -> null;
            case ConnectionEnd.PlannedRotation rotation -> rotation.trigger();
            case ConnectionEnd.ConnectionLost loss -> loss.trigger();
        };
        if (trigger == null || !scope.lifecycle().toRotating(trigger)) {
            return;
        }
        if (end instanceof ConnectionEnd.ConnectionLost loss) {
            scope.turnClock().onUpstreamFailed(scope.now(), loss.end().cause().label());
        }
        if (released.turnOpen()) {
            serverRelay.onServerMessage(new TurnComplete(TurnComplete.CONNECTION_LOST), false, scope.now());
        }
        List<String> calls = scope.memory().forgetCalls();
        if (!calls.isEmpty()) {
            client.send(new ServerMessage.ToolCallCancellation(calls));
        }
        if (end instanceof ConnectionEnd.PlannedRotation) {
            client.send(new GatewayMessage.Renewing());
        }
    }

    /**
     * Decides how the session continues after a connection that is closed, and waits for the back-off.
     *
     * @param tried the continuation of the closed connection
     * @return the continuation of the next connection, {@code null} when there is none
     * @throws InterruptedException when the session ended
     */
    @Nullable
    Continuation next(ConnectionEnd end, Continuation tried) throws InterruptedException {
        scope.trace().disconnected(end.label());
        return switch (recovery.after(end, tried)) {
            case Recovery.Step.Stop() -> null;
            case Recovery.Step.GiveUp giveUp -> {
                if (scope.lifecycle().state() instanceof Rotating rotating) {
                    record(rotating, "failed");
                }
                scope.lifecycle().end(giveUp.end());
                yield null;
            }
            case Recovery.Step.Reconnect(Continuation next, int attempt, Duration wait) -> {
                if (attempt > 0) {
                    client.send(new GatewayMessage.Reconnecting(attempt, wait.toMillis()));
                    scope.context().clock().pause(wait);
                }
                yield next;
            }
        };
    }

    private void record(Rotating rotating, String outcome) {
        Duration took = Duration.ofNanos(scope.now() - rotating.sinceNanos());
        scope.context().meters().rotated(rotating.trigger().label(), outcome, took);
        LOG.debugf(
                "upstream changed session=%s trigger=%s outcome=%s gap=%dms",
                scope.id(), rotating.trigger().label(), outcome, took.toMillis());
    }
}
