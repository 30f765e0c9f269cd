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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the client: one queue, and the socket that it is written to. The socket may break and another take its
 * place; the newest wins, and there is never more than one writer.
 *
 * <p>While no socket is there the line is down and keeps only what is owed to whoever comes back: calls of functions
 * and their cancellation. Sound would be stale, and what was said comes back with the transcript.
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

    /** A line to a first socket; its pump starts with {@link #start}. */
    DownstreamConnection(SessionScope scope, Downstream socket) {
        this.scope = scope;
        this.queue = new MessageQueue<>(scope.account(), SessionAccount.Part.QUEUE_DOWN);
        this.socket = socket;
        this.writer = newWriter(socket, null);
    }

    private DownstreamWriter newWriter(Downstream to, @Nullable DownstreamWriter previous) {
        return new DownstreamWriter(
                scope, this::onWritten, queue, to, scope.turnClock().onSocket(), previous);
    }

    synchronized void start() {
        writer.start();
    }

    // ---- what is said --------------------------------------------------------------------------------------------

    /** Says something to the client, if it is there or will want to know. */
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

    /** Says something before all that waits, if the client is there. */
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

    /** Gives up all sound that waits. */
    void dropMedia(DropReason reason) {
        queue.dropMedia(entry -> scope.recorder().onDropped(Direction.DOWN, entry, reason));
    }

    /** Bytes that wait. */
    long bytes() {
        return queue.bytes();
    }

    // ---- sockets that go and come --------------------------------------------------------------------------------

    /** Whether this is the socket that the client is behind now. */
    boolean serves(Downstream other) {
        return !detached && socket.equals(other);
    }

    /** Whether no socket is there. */
    boolean isDetached() {
        return detached;
    }

    /** For how long no socket has been there. */
    synchronized long detachedForNanos(long nowNanos) {
        return detached ? nowNanos - detachedAtNanos : 0;
    }

    /** Why no socket is there. */
    synchronized EndCause detachCause() {
        return detachCause;
    }

    /** A write has failed. Its socket's close follows and knows the reason, or does not follow. */
    private synchronized void onWriteFailed(long nowNanos) {
        writeFailed = true;
        writeFailedAtNanos = nowNanos;
    }

    /** For how long a socket that can't be written has been there. */
    synchronized long writeFailedForNanos(long nowNanos) {
        return writeFailed ? nowNanos - writeFailedAtNanos : 0;
    }

    /**
     * A socket was closed. If the client was behind it, the line is down; a newer socket is left alone.
     *
     * @return whether the client was still behind it
     */
    synchronized boolean onClosed(Downstream other, EndCause cause, long nowNanos) {
        if (!serves(other)) {
            return false;
        }
        detach(cause, nowNanos);
        return true;
    }

    /** Gives the socket up: it is gone, or shall go. */
    synchronized void detach(EndCause cause, long nowNanos) {
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
     * The client is behind another socket now; one that is still there is closed.
     *
     * @param greeting what it gets first, before what is owed; empty before the session is live
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
        writer.start();
    }

    /** The socket goes to another session, open as it is, and this line ends. */
    synchronized Downstream release() {
        detached = true;
        // Before the queue is closed, which wakes the pump.
        writer.release();
        queue.discard();
        return socket;
    }

    /** The client was told to go elsewhere and has until then. */
    synchronized void awaitMigration(long nanos) {
        migrating = true;
        migrateByNanos = nanos;
    }

    /** Whether a client that was told to go elsewhere has had its time, or is gone. */
    synchronized boolean migrationOver(long nowNanos) {
        return migrating && (detached || nowNanos - migrateByNanos >= 0);
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /** What waits is still written, then the socket is closed. */
    synchronized void finish() {
        if (detached) {
            queue.discard();
        } else {
            queue.close();
            writer.stop();
        }
    }

    /** Nothing more is written. */
    synchronized void abort() {
        queue.discard();
        writer.stop();
    }

    /** Does something once the socket of an ended session is closed, or is no longer this session's. */
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
