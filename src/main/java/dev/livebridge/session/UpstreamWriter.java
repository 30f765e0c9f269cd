package dev.livebridge.session;

import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.MessageKind;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.queue.LoopWriter;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.queue.WriteWindow;
import dev.livebridge.session.turn.UserInput;
import dev.livebridge.session.upstream.ConnectionEnd;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connection to the model, writes the queue to it, and closes it; then opens the next one, as long as the
 * session continues.
 *
 * <p>Its virtual thread is the only one that opens and closes upstream sockets, and closes one before it opens the
 * next, so that a session never has two. While it waits for messages, the event loop of the socket writes them.
 */
final class UpstreamWriter {

    /** About one and a half seconds of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    /** Older audio is dropped on a new connection: an answer to it would come too late. */
    private static final Duration MAX_AUDIO_AGE = Duration.ofSeconds(5);

    /** Older video is dropped on a new connection; stale frames can end it (gemini-live-api.md section 9 item 8). */
    private static final Duration MAX_VIDEO_AGE = Duration.ofSeconds(1);

    private final SessionScope scope;
    private final MessageQueue<ClientMessage> queue;
    private final DownstreamConnection client;
    private final ServerMessageRelay serverRelay;
    private final UpstreamRotation rotation;
    private final UserInput userInput;
    private final ProblemReports problems;
    private volatile @Nullable UpstreamConnection connection;
    private volatile @Nullable Thread thread;
    private boolean activityOpen;
    private boolean mediaRefused;

    UpstreamWriter(
            SessionScope scope,
            MessageQueue<ClientMessage> queue,
            DownstreamConnection client,
            ServerMessageRelay serverRelay,
            UpstreamRotation rotation,
            UserInput userInput,
            ProblemReports problems) {
        this.scope = scope;
        this.queue = queue;
        this.client = client;
        this.serverRelay = serverRelay;
        this.rotation = rotation;
        this.userInput = userInput;
        this.problems = problems;
    }

    /** The newest connection; {@code null} before the first one. */
    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    /** Starts the thread with the client's setup. */
    void start(ClientMessage.Setup setup) {
        Thread created = Thread.ofVirtual().name("livebridge-up-" + scope.id()).unstarted(() -> run(setup));
        thread = created;
        created.start();
        if (scope.lifecycle().modelReleased()) {
            created.interrupt();
        }
    }

    /** Wakes the thread if it waits, to check the state of the connection and of the session. */
    void wake() {
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    /** The session has ended: interrupts the thread. */
    void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * Waits until the connection to the model is closed, after {@link #stop}, or {@link #wake} when the session is
     * moving.
     *
     * @return whether it is
     */
    boolean awaitStopped(Duration patience) throws InterruptedException {
        Thread running = thread;
        return running == null || running.join(patience);
    }

    private void run(ClientMessage.Setup setup) {
        try {
            Continuation next = scope.memory().continuation();
            while (next != null) {
                ConnectionEnd end = runConnection(setup, next);
                mediaRefused |= end instanceof ConnectionEnd.ConnectionLost loss
                        && loss.end().retry() == RetryClass.ONCE;
                next = rotation.next(end, next);
            }
        } catch (InterruptedException e) {
            // Only the end of the session interrupts this thread.
        } catch (RuntimeException e) {
            scope.lifecycle().fault("writing to the model", e);
        }
    }

    /** One connection, from opening to close. */
    private ConnectionEnd runConnection(ClientMessage.Setup setup, Continuation continuation)
            throws InterruptedException {
        WriteWindow window = new WriteWindow(Thread.currentThread(), WINDOW_BYTES, scope::now);
        UpstreamConnection current = openConnection(continuation, window);
        Upstream upstream;
        try {
            upstream = scope.context()
                    .connector()
                    .connect(
                            currentSetup(setup),
                            scope.budget().permissions(),
                            continuation,
                            client.eventLoop(),
                            current);
        } catch (UpstreamRefusedException e) {
            current.release();
            return new ConnectionEnd.ConnectionLost(RotationTrigger.LOST, e.end(), false, false, false);
        }
        try {
            current.onNegotiated(upstream.negotiated());
            boolean confirmed = current.awaitConfirmed(scope.context().limits().upstreamSetupTimeout());
            if (confirmed && !(continuation instanceof Continuation.New)) {
                // Before the client is told: media that it sends on the new connection is not stale.
                dropStaleMedia();
            }
            if (confirmed && rotation.onConfirmed(continuation, upstream.negotiated())) {
                Writer writer = new Writer(upstream, current, window);
                if (!(continuation instanceof Continuation.New)) {
                    writer.restore();
                }
                writer.relay();
            }
            ConnectionEnd end = current.release();
            rotation.onReleased(current, end);
            upstream.close();
            if (!(scope.lifecycle().state() instanceof Ended)) {
                upstream.awaitClosed(Upstream.CLOSE_TIMEOUT);
            }
            return end;
        } finally {
            current.release();
            // Closing must not be cut short by the interrupt that asked for it.
            boolean interrupted = Thread.interrupted();
            upstream.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private UpstreamConnection openConnection(Continuation continuation, WriteWindow window) {
        rotation.onConnecting(continuation);
        UpstreamConnection next =
                new UpstreamConnection(scope, serverRelay, userInput, continuation, window, this::wake);
        connection = next;
        return next;
    }

    /** The client's setup with all updates of the context. */
    private ClientMessage.Setup currentSetup(ClientMessage.Setup first) {
        ClientMessage.Setup current = scope.memory().setup();
        return current == null ? first : current;
    }

    private boolean modelReleased() {
        return scope.lifecycle().modelReleased();
    }

    /** Writes to one connection. */
    private final class Writer implements LoopWriter.Writes<ClientMessage> {

        private final Upstream upstream;
        private final UpstreamConnection connection;
        private final WriteWindow window;

        Writer(Upstream upstream, UpstreamConnection connection, WriteWindow window) {
            this.upstream = upstream;
            this.connection = connection;
            this.window = window;
        }

        /** Sends what a connection that is not the first must get before the queue. */
        void restore() {
            upstream.opening().forEach(this::send);
            if (activityOpen) {
                send(ClientMessage.Signal.ACTIVITY_START);
            }
            scope.memory().takeUnanswered().forEach(this::send);
        }

        void relay() {
            LoopWriter<ClientMessage> loop = scope.context().loopWriter(queue, upstream.eventLoop(), this);
            while (!mustStop() && !queue.isFinished()) {
                window.await(this::mustStop);
                if (connection.pingDue()) {
                    connection.onPingSent();
                    upstream.ping();
                }
                Entry<ClientMessage> entry = queue.take(this::hasOtherWork, loop);
                if (entry != null) {
                    relay(entry);
                }
            }
            // Wait for the outstanding writes, unless the connection is lost.
            long since = scope.now();
            window.awaitEmpty(() ->
                    modelReleased() || connection.isLost() || scope.now() - since > Upstream.CLOSE_TIMEOUT.toNanos());
        }

        @Override
        public boolean mayContinue() {
            return window.hasRoom() && !hasOtherWork();
        }

        /** An update of the context is fitted to the model, which would occupy the event loop. */
        @Override
        public boolean mayWrite(Entry<ClientMessage> next) {
            return !(next.message() instanceof ClientMessage.ContextUpdate);
        }

        @Override
        public void write(Entry<ClientMessage> entry) {
            try {
                relay(entry);
            } catch (RuntimeException e) {
                scope.lifecycle().fault("writing to the model", e);
            }
        }

        private void relay(Entry<ClientMessage> entry) {
            if (entry.message() instanceof ClientMessage.ToolResponse response) {
                writeResults(entry, response);
            } else if (entry.message() instanceof ClientMessage.ContextUpdate update) {
                ClientMessage changed = applyUpdate(update);
                if (changed != null) {
                    write(entry, changed);
                }
            } else if (entry.message() instanceof ClientMessage.ClientContent turns
                    && turns.instructs()
                    && keepsInstruction()) {
                scope.lifecycle().end(EndCause.AGENT_OVERRIDE, "The agent does not take turns with the role system.");
            } else if (entry.message() instanceof ClientMessage.Unknown && keepsInstruction()) {
                scope.lifecycle()
                        .end(
                                EndCause.AGENT_OVERRIDE,
                                "The agent does not take members that this version does not know.");
            } else {
                write(entry, entry.message());
            }
        }

        private boolean keepsInstruction() {
            ClientMessage.Setup setup = scope.memory().setup();
            AgentSetup agent = setup == null ? null : setup.agent();
            return agent != null && !agent.allows(AgentPart.INSTRUCTION);
        }

        /**
         * Sorts results: those that the model waits for on this connection are sent as they are, those of calls whose
         * connection is lost are sent as text, and the others are refused.
         */
        private void writeResults(Entry<ClientMessage> entry, ClientMessage.ToolResponse response) {
            List<FunctionResult> wanted = new ArrayList<>();
            List<ClientMessage> late = new ArrayList<>();
            boolean refused = false;
            for (FunctionResult result : response.results()) {
                if (connection.awaitsResult(result.id())) {
                    wanted.add(result);
                } else {
                    String function =
                            result.id() == null ? null : scope.memory().takeLostCall(result.id());
                    if (function == null) {
                        refused = true;
                    } else {
                        late.add(new ClientMessage.LateResult(function, result.json()));
                    }
                }
            }
            if (!wanted.isEmpty()) {
                ClientMessage.ToolResponse answer = new ClientMessage.ToolResponse(wanted);
                connection.onResults(answer.ids());
                write(entry, answer);
            }
            late.forEach(result -> write(entry, result));
            if (refused || response.results().isEmpty()) {
                refuse(entry);
            }
        }

        /** The result of a function call that the model cancelled or never made is not relayed. */
        private void refuse(Entry<ClientMessage> entry) {
            scope.recorder().onDropped(Direction.UP, entry, DropReason.STALE);
            problems.report(
                    "tool_call_gone", "the model does not wait for the result of this function call, or not any more");
        }

        private void write(Entry<ClientMessage> entry, ClientMessage message) {
            if (message instanceof ClientMessage.Signal signal) {
                activityOpen = switch (signal) {
                    case ACTIVITY_START -> true;
                    case ACTIVITY_END -> false;
                    case AUDIO_STREAM_END -> activityOpen;
                };
            }
            // Before the write: a message that is lost on the way counts as sent.
            scope.memory().onSentToModel(message);
            int bytes = message.bytes();
            long taken = scope.now();
            // Taken from the queue, but still in memory.
            boolean counted = scope.account().add(SessionAccount.Part.QUEUE_UP, entry.weight());
            window.onWriteStarted(bytes);
            upstream.send(message, failure -> {
                window.onWriteFinished(bytes);
                if (counted) {
                    scope.account().subtract(SessionAccount.Part.QUEUE_UP, entry.weight());
                }
                if (failure != null) {
                    connection.onWriteFailed();
                }
                scope.recorder().onWrittenUpstream(entry, taken, failure != null, scope.now());
            });
        }

        /**
         * Applies an update of the context to the setup.
         *
         * @return the message for the model, {@code null} for none
         */
        private @Nullable ClientMessage applyUpdate(ClientMessage.ContextUpdate update) {
            ContextChange change;
            try {
                change = upstream.change(
                        update, Objects.requireNonNull(scope.memory().setup()));
            } catch (UpstreamRefusedException e) {
                // Otherwise the model continues with an instruction that the client considers replaced.
                EndCause cause =
                        e.end().cause() == EndCause.AGENT_OVERRIDE ? EndCause.AGENT_OVERRIDE : EndCause.BAD_MESSAGE;
                scope.lifecycle().end(cause, e.end().message());
                return null;
            }
            scope.memory().onSetupChanged(change.setup());
            scope.tokens().schedule().onChange();
            if (!change.notices().isEmpty()) {
                problems.report("left_out", String.join(" ", change.notices()));
            }
            return change.update();
        }

        private void send(ClientMessage message) {
            int bytes = message.bytes();
            window.onWriteStarted(bytes);
            upstream.send(message, failure -> {
                window.onWriteFinished(bytes);
                if (failure != null) {
                    connection.onWriteFailed();
                }
            });
        }

        /** Whether the writer must do something else than write the next message. */
        private boolean hasOtherWork() {
            return mustStop() || connection.pingDue();
        }

        private boolean mustStop() {
            return connection.isEnding() || modelReleased();
        }
    }

    private void dropStaleMedia() {
        queue.dropStale(this::isStale, entry -> scope.recorder().onDropped(Direction.UP, entry, DropReason.STALE));
        mediaRefused = false;
    }

    /** In the known cases Gemini refused media without naming it; then all media that waits is dropped. */
    private boolean isStale(Entry<ClientMessage> entry) {
        if (mediaRefused) {
            return true;
        }
        Duration limit = entry.kind() == MessageKind.VIDEO ? MAX_VIDEO_AGE : MAX_AUDIO_AGE;
        return scope.now() - entry.receivedNanos() > limit.toNanos();
    }
}
