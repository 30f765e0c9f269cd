package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.turn.TurnNumber;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the client: one queue, and the socket to which it is written. Another socket may take its place;
 * the newest wins, and there is never more than one writer.
 *
 * <p>While no socket is attached, only tool calls and cancellations are queued, at most {@link #MAX_DETACHED_BYTES}:
 * audio would be stale, and text comes with the transcript.
 */
final class DownstreamConnection {

    private static final long MAX_DETACHED_BYTES = 256 * 1024;

    private final SessionScope scope;
    private final MessageQueue<DownstreamMessage> queue;
    private DownstreamWriter writer;
    private volatile Downstream socket;
    private volatile boolean detached;
    private long detachedAtNanos;
    private boolean writeFailed;
    private long writeFailedAtNanos;
    private long migrateByNanos;
    private boolean migrating;
    private EndCause detachCause = EndCause.CLIENT_LOST;

    /** A connection with its first socket; the writer starts with {@link #start}. */
    DownstreamConnection(SessionScope scope, Downstream socket) {
        this.scope = scope;
        this.queue = new MessageQueue<>(scope.account(), SessionAccount.Part.QUEUE_DOWN);
        this.socket = socket;
        this.writer = newWriter(socket, null);
    }

    private DownstreamWriter newWriter(Downstream to, @Nullable DownstreamWriter previous) {
        return new DownstreamWriter(
                scope, this::onWritten, queue, to, scope.turnClock().reports().onSocket(), previous);
    }

    synchronized void start() {
        writer.start();
    }

    // ---- messages ------------------------------------------------------------------------------------------------

    /** Queues a message for the client; without a socket, only if it is kept. */
    void send(DownstreamMessage message, long receivedNanos) {
        Entry<DownstreamMessage> entry = entry(message, receivedNanos);
        if (detached && (!isKeptWhileDetached(message) || queue.bytes() > MAX_DETACHED_BYTES)) {
            onDropped(entry);
        } else {
            queue.offer(entry);
        }
    }

    /** As {@link #send(DownstreamMessage, long)}, for a message that the gateway makes now. */
    void send(DownstreamMessage message) {
        send(message, scope.now());
    }

    /**
     * Greets the client. No socket is attached meanwhile; one that is attached later gets its greeting from
     * {@link #attach}.
     *
     * @param greeting sends the first messages and makes the session live
     * @return what it returned
     */
    synchronized boolean greet(BooleanSupplier greeting) {
        return greeting.getAsBoolean();
    }

    /** Queues a message before all others, if a socket is attached. */
    private void sendNext(DownstreamMessage message, long receivedNanos) {
        if (!detached) {
            queue.offerNext(entry(message, receivedNanos));
        }
    }

    private Entry<DownstreamMessage> entry(DownstreamMessage message, long receivedNanos) {
        return new Entry<>(message, message.kind(), message.bytes(), Weight.of(message), receivedNanos, scope.now());
    }

    private void onWritten(Entry<DownstreamMessage> entry, TurnNumber turn, long takenNanos, boolean failed) {
        long now = scope.now();
        if (failed) {
            scope.recorder().onDropped(Direction.DOWN, entry, DropReason.ENDED);
            onWriteFailed(now);
            return;
        }
        GatewayMessage.Timing timing = scope.recorder().onWrittenDownstream(entry, turn, takenNanos, now);
        if (timing != null) {
            // Before the messages that wait, so that the client gets it within the turn to which it belongs.
            sendNext(timing, now);
        }
    }

    /** Drops all audio that waits. */
    void dropMedia(DropReason reason) {
        queue.dropMedia(entry -> scope.recorder().onDropped(Direction.DOWN, entry, reason));
    }

    /** The weight of the messages that wait, in bytes. */
    long bytes() {
        return queue.bytes();
    }

    // ---- sockets -------------------------------------------------------------------------------------------------

    /** Whether this socket is attached. */
    boolean serves(Downstream other) {
        return !detached && socket.equals(other);
    }

    /** The event loop of the newest socket. */
    Executor eventLoop() {
        return socket.eventLoop();
    }

    /** Whether no socket is attached. */
    boolean isDetached() {
        return detached;
    }

    /** How long no socket has been attached; zero when one is. */
    synchronized long detachedForNanos(long nowNanos) {
        return detached ? nowNanos - detachedAtNanos : 0;
    }

    /** Why no socket is attached. */
    synchronized EndCause detachCause() {
        return detachCause;
    }

    /** A write has failed. The close event of the socket, which has a better cause, may follow. */
    private synchronized void onWriteFailed(long nowNanos) {
        scope.events().set();
        writeFailed = true;
        writeFailedAtNanos = nowNanos;
    }

    /** How long ago a write to the attached socket failed; zero when none has. */
    synchronized long writeFailedForNanos(long nowNanos) {
        return writeFailed ? nowNanos - writeFailedAtNanos : 0;
    }

    /**
     * A socket was closed. Detaches it, unless a newer one is attached.
     *
     * @return whether the socket was attached
     */
    synchronized boolean onClosed(Downstream other, EndCause cause, long nowNanos) {
        if (!serves(other)) {
            return false;
        }
        detach(cause, nowNanos);
        return true;
    }

    /** Detaches the socket; its writer closes it if it is still open. */
    synchronized void detach(EndCause cause, long nowNanos) {
        scope.events().set();
        writeFailed = false;
        if (!detached) {
            detached = true;
            detachedAtNanos = nowNanos;
            detachCause = cause;
            writer.detach();
            queue.keepOnly(DownstreamConnection::isKeptWhileDetached, this::onDropped);
        }
    }

    /**
     * Attaches a socket; one that is still attached is detached and closed.
     *
     * @param greeting the first messages, before those that were kept; empty before the session is live
     */
    synchronized void attach(Downstream other, Supplier<List<DownstreamMessage>> greeting, long nowNanos) {
        detach(EndCause.MOVED, nowNanos);
        queue.keepOnly(DownstreamConnection::isKeptWhileDetached, this::onDropped);
        for (DownstreamMessage message : greeting.get().reversed()) {
            queue.offerNext(entry(message, nowNanos));
        }
        socket = other;
        writer = newWriter(other, writer);
        detached = false;
        scope.events().set();
        writer.start();
    }

    /** Gives the open socket to another session and ends this connection. */
    synchronized Downstream release() {
        detached = true;
        // Before the queue is closed, which wakes the writer.
        writer.release();
        queue.discard();
        return socket;
    }

    /** How long the attached socket has taken nothing; see {@link DownstreamWriter#stalledForNanos}. */
    synchronized long stalledForNanos(long nowNanos) {
        return detached ? 0 : writer.stalledForNanos(nowNanos);
    }

    /** The client has got {@code migrate} and has until then to resume on another instance. */
    synchronized void awaitMigration(long nanos) {
        migrating = true;
        migrateByNanos = nanos;
    }

    /** Whether a client that has got {@code migrate} is detached, or its time is over. */
    synchronized boolean migrationOver(long nowNanos) {
        return migrating && (detached || nowNanos - migrateByNanos >= 0);
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /** Writes the messages that wait, then closes the socket. */
    synchronized void finish() {
        if (detached) {
            queue.discard();
        } else {
            queue.close();
            writer.stop();
        }
    }

    /** Drops the messages that wait; nothing more is written. */
    synchronized void abort() {
        queue.discard();
        writer.stop();
    }

    /** Runs an action once the socket of an ended session is closed, or belongs to another session. */
    synchronized void whenClosed(Runnable action) {
        writer.whenStopped(action);
    }

    private void onDropped(Entry<DownstreamMessage> entry) {
        scope.recorder().onDropped(Direction.DOWN, entry, DropReason.DETACHED);
    }

    private static boolean isKeptWhileDetached(DownstreamMessage message) {
        return switch (message) {
            case ServerMessage.ToolCall _, ServerMessage.ToolCallCancellation _ -> true;
            case ServerMessage _, GatewayMessage _ -> false;
        };
    }
}
