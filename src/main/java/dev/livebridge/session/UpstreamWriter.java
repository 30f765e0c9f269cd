package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.MessageKind;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.queue.WriteWindow;
import dev.livebridge.session.upstream.ConnectionEnd;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamConnector;
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
 * Calls the model, writes what the client says to it, and closes the model's socket; then, as long as the conversation
 * goes on, does it again.
 *
 * <p>It is the only thread that opens, writes and closes upstream sockets, and closes one before it opens the next.
 * That is why a conversation can never have two.
 */
final class UpstreamWriter {

    /** About one and a half seconds of speech in base64. */
    private static final int WINDOW_BYTES = 64 * 1024;

    /** Gemini answers a close frame at once; the socket of a peer that does not is dropped by then. */
    private static final Duration CLOSE_PATIENCE = Duration.ofMillis(1_200);

    /** Sound that waited longer for a connection is stale: an answer to it would come out of nowhere. */
    private static final Duration STALE_SOUND = Duration.ofSeconds(5);

    /** A picture shows what is there now; stale ones were seen to end a fresh session (section 9 item 8). */
    private static final Duration STALE_PICTURE = Duration.ofSeconds(1);

    private final LiveSession session;
    private final MessageQueue<ClientMessage> queue;
    private final UpstreamConnector connector;
    private volatile @Nullable Thread thread;
    private boolean activityOpen;
    private boolean soundRefused;

    UpstreamWriter(LiveSession session, MessageQueue<ClientMessage> queue, UpstreamConnector connector) {
        this.session = session;
        this.queue = queue;
        this.connector = connector;
    }

    /** Begins with the client's setup. */
    void start(ClientMessage.Setup setup) {
        Thread created =
                Thread.ofVirtual().name("livebridge-up-" + session.id()).unstarted(() -> run(setup));
        thread = created;
        created.start();
        if (session.leftModel()) {
            created.interrupt();
        }
    }

    /** The line is to be left: a pump that waits looks at it. */
    void call() {
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }

    /** The session has ended: whatever the pump waits for is no longer needed. */
    void stop() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /**
     * Waits until the connection to the model is closed, after {@link #stop}, or {@link #call} when there is no model
     * any more.
     *
     * @return whether it is
     */
    boolean awaitStopped(Duration patience) throws InterruptedException {
        Thread running = thread;
        return running == null || running.join(patience);
    }

    private void run(ClientMessage.Setup setup) {
        try {
            Continuation next = session.memory().continuation();
            while (next != null) {
                ConnectionEnd departure = hold(setup, next);
                soundRefused |= departure instanceof ConnectionEnd.ConnectionLost loss
                        && loss.end().retry() == RetryClass.ONCE;
                next = session.afterLine(departure, next);
            }
        } catch (InterruptedException ended) {
            // Only the session's end interrupts this thread, and that is what follows anyway.
        } catch (RuntimeException fault) {
            session.fault("calling the model", fault);
        }
    }

    /** One connection, from the call to its close. */
    private ConnectionEnd hold(ClientMessage.Setup setup, Continuation continuation) throws InterruptedException {
        WriteWindow window = new WriteWindow(Thread.currentThread(), WINDOW_BYTES, session.services()::now);
        UpstreamConnection line = session.newLine(continuation, window);
        Upstream upstream;
        try {
            upstream = connector.connect(wish(setup), continuation, line);
        } catch (UpstreamRefusedException refused) {
            line.letGo();
            return new ConnectionEnd.ConnectionLost(RotationTrigger.LOST, refused.end(), false, false, false);
        }
        try {
            if (line.awaitConfirmed(session.services().limits().upstreamSetupTimeout())
                    && session.lineConfirmed(continuation, upstream.negotiated())) {
                line.onNegotiated(upstream.negotiated());
                Writer writer = new Writer(upstream, line, window);
                if (!(continuation instanceof Continuation.New)) {
                    writer.goOn();
                }
                writer.relay();
            }
            ConnectionEnd departure = line.letGo();
            session.lineLeft(line, departure);
            upstream.close();
            if (!(session.state() instanceof Ended)) {
                upstream.awaitClosed(CLOSE_PATIENCE);
            }
            return departure;
        } finally {
            line.letGo();
            // Closing must not be cut short by the interrupt that asked for it.
            boolean interrupted = Thread.interrupted();
            upstream.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the client wants by now; updates of the context change it. */
    private ClientMessage.Setup wish(ClientMessage.Setup first) {
        ClientMessage.Setup now = session.memory().setup();
        return now == null ? first : now;
    }

    private boolean ended() {
        return session.leftModel();
    }

    /** Writes to one connection. */
    private final class Writer {

        private final Upstream upstream;
        private final UpstreamConnection line;
        private final WriteWindow window;

        Writer(Upstream upstream, UpstreamConnection line, WriteWindow window) {
            this.upstream = upstream;
            this.line = line;
            this.window = window;
        }

        /** Tells a connection that is not the first what it has to know before it hears what waits. */
        void goOn() {
            upstream.opening().forEach(this::send);
            queue.dropStale(
                    UpstreamWriter.this::stale,
                    entry -> session.traffic().dropped(Direction.UP, entry, DropReason.STALE));
            soundRefused = false;
            if (activityOpen) {
                send(ClientMessage.Signal.ACTIVITY_START);
            }
            session.memory().takeUnanswered().forEach(this::send);
        }

        void relay() {
            while (!calledAway()) {
                window.await(this::calledAway);
                if (line.pingWanted()) {
                    line.pings();
                    upstream.ping();
                }
                Entry<ClientMessage> entry = queue.take(this::disturbed);
                if (entry != null) {
                    write(entry);
                } else if (!line.pingWanted()) {
                    break;
                }
            }
            // What has been taken from the queue shall arrive, unless the connection is the reason for leaving it.
            long since = session.services().now();
            window.awaitEmpty(
                    () -> ended() || line.lost() || session.services().now() - since > CLOSE_PATIENCE.toNanos());
        }

        private void write(Entry<ClientMessage> entry) {
            if (entry.message() instanceof ClientMessage.ToolResponse response) {
                writeResults(entry, response);
            } else if (entry.message() instanceof ClientMessage.ContextUpdate update) {
                ClientMessage changed = change(update);
                if (changed != null) {
                    write(entry, changed);
                }
            } else {
                write(entry, entry.message());
            }
        }

        /**
         * Sorts results: those that the model waits for on this connection go up as they are, those of calls whose
         * connection is gone as text, and the rest is refused.
         */
        private void writeResults(Entry<ClientMessage> entry, ClientMessage.ToolResponse response) {
            List<FunctionResult> wanted = new ArrayList<>();
            List<ClientMessage> late = new ArrayList<>();
            boolean refused = false;
            for (FunctionResult result : response.results()) {
                if (line.askedFor(result.id())) {
                    wanted.add(result);
                } else {
                    String function =
                            result.id() == null ? null : session.memory().takeLostCall(result.id());
                    if (function == null) {
                        refused = true;
                    } else {
                        late.add(new ClientMessage.LateResult(function, result.json()));
                    }
                }
            }
            if (!wanted.isEmpty()) {
                ClientMessage.ToolResponse answer = new ClientMessage.ToolResponse(wanted);
                line.onResults(answer.ids());
                write(entry, answer);
            }
            late.forEach(result -> write(entry, result));
            if (refused || response.results().isEmpty()) {
                session.refuseToolResponse(entry);
            }
        }

        private void write(Entry<ClientMessage> entry, ClientMessage message) {
            if (message instanceof ClientMessage.Signal signal) {
                activityOpen = switch (signal) {
                    case ACTIVITY_START -> true;
                    case ACTIVITY_END -> false;
                    case AUDIO_STREAM_END -> activityOpen;
                };
            }
            // Before it is written: what is lost on the way was said all the same.
            session.memory().sent(message);
            int bytes = message.bytes();
            long taken = session.services().now();
            // It has left the queue, but not the memory.
            boolean counted = session.account().add(SessionAccount.Part.QUEUE_UP, entry.weight());
            window.began(bytes);
            upstream.send(message, failure -> {
                window.finished(bytes);
                if (counted) {
                    session.account().subtract(SessionAccount.Part.QUEUE_UP, entry.weight());
                }
                if (failure != null) {
                    line.writeFailed();
                }
                session.traffic()
                        .writtenUp(
                                entry,
                                taken,
                                failure != null,
                                session.services().now());
            });
        }

        /**
         * Changes what the conversation knows of its setup.
         *
         * @return what goes to the model, {@code null} for nothing
         */
        private @Nullable ClientMessage change(ClientMessage.ContextUpdate update) {
            ContextChange change;
            try {
                change = upstream.change(
                        update, Objects.requireNonNull(session.memory().setup()));
            } catch (UpstreamRefusedException refused) {
                // The model would go on with an instruction that the client believes to be replaced.
                session.end(EndCause.BAD_MESSAGE, refused.end().message());
                return null;
            }
            session.memory().changed(change.wish());
            session.tokens().changed();
            if (!change.notices().isEmpty()) {
                session.complain("left_out", String.join(" ", change.notices()));
            }
            return change.update();
        }

        private void send(ClientMessage message) {
            int bytes = message.bytes();
            window.began(bytes);
            upstream.send(message, failure -> {
                window.finished(bytes);
                if (failure != null) {
                    line.writeFailed();
                }
            });
        }

        /** Whether there is something else to do than to write the next message. */
        private boolean disturbed() {
            return calledAway() || line.pingWanted();
        }

        private boolean calledAway() {
            return line.left() || ended();
        }
    }

    /** What Gemini refused without naming it was sound in the cases that are known; all that waits is left out then. */
    private boolean stale(Entry<ClientMessage> entry) {
        if (soundRefused) {
            return true;
        }
        Duration limit = entry.kind() == MessageKind.VIDEO ? STALE_PICTURE : STALE_SOUND;
        return session.services().now() - entry.receivedNanos() > limit.toNanos();
    }
}
