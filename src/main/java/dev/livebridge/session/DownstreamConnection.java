package dev.livebridge.session;

import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import dev.livebridge.session.queue.MessageQueue;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import java.util.List;

/**
 * The way to the client: one queue, and the socket that it is written to. The socket may break and another take its
 * place; the newest wins, and there is never more than one writer.
 *
 * <p>While no socket is there the line is down and keeps only what is owed to whoever comes back: calls of functions
 * and their cancellation. Sound would be stale, and what was said comes back with the transcript.
 */
final class DownstreamConnection {

    private static final long MAX_KEPT_BYTES = 256 * 1024;

    private final LiveSession session;
    private final MessageQueue<DownstreamMessage> queue;
    private final RelayMeters meters;
    private DownstreamWriter pump;
    private volatile Downstream socket;
    private volatile boolean down;
    private long downNanos;
    private boolean broken;
    private long brokenNanos;
    private long moveByNanos;
    private boolean moving;
    private EndCause downCause = EndCause.CLIENT_LOST;

    /** A line to a first socket; its pump starts with {@link #start}. */
    DownstreamConnection(LiveSession session, SessionAccount account, RelayMeters meters, Downstream socket) {
        this.session = session;
        this.queue = new MessageQueue<>(account, SessionAccount.Part.QUEUE_DOWN);
        this.meters = meters;
        this.socket = socket;
        this.pump = new DownstreamWriter(session, queue, socket, null);
    }

    synchronized void start() {
        pump.start();
    }

    // ---- what is said --------------------------------------------------------------------------------------------

    /** Says something to the client, if it is there or will want to know. */
    void tell(DownstreamMessage message, long receivedNanos) {
        Entry<DownstreamMessage> entry = entry(message, receivedNanos);
        if (down && (!isOwed(message) || queue.bytes() > MAX_KEPT_BYTES)) {
            dropped(entry);
        } else {
            queue.offer(entry);
        }
    }

    /** Says something before all that waits, if the client is there. */
    void tellNext(DownstreamMessage message, long receivedNanos) {
        if (!down) {
            queue.offerNext(entry(message, receivedNanos));
        }
    }

    private Entry<DownstreamMessage> entry(DownstreamMessage message, long receivedNanos) {
        return new Entry<>(
                message,
                message.kind(),
                message.bytes(),
                Weight.of(message),
                receivedNanos,
                session.services().now());
    }

    /** Gives up all sound that waits. */
    void dropMedia(DropReason reason) {
        queue.dropMedia(entry -> meters.dropped(Direction.DOWN, entry.kind(), reason));
    }

    /** Bytes that wait. */
    long bytes() {
        return queue.bytes();
    }

    // ---- sockets that go and come --------------------------------------------------------------------------------

    /** Whether this is the socket that the client is behind now. */
    boolean serves(Downstream other) {
        return !down && socket.equals(other);
    }

    /** Whether no socket is there. */
    boolean isDown() {
        return down;
    }

    /** For how long no socket has been there. */
    synchronized long downFor(long nowNanos) {
        return down ? nowNanos - downNanos : 0;
    }

    /** Why no socket is there. */
    synchronized EndCause downCause() {
        return downCause;
    }

    /** A write has failed. Its socket's close follows and knows the reason, or does not follow. */
    synchronized void broken(long nowNanos) {
        broken = true;
        brokenNanos = nowNanos;
    }

    /** For how long a socket that can't be written has been there. */
    synchronized long brokenFor(long nowNanos) {
        return broken ? nowNanos - brokenNanos : 0;
    }

    /**
     * A socket was closed. If the client was behind it, the line is down; a newer socket is left alone.
     *
     * @return whether the client was still behind it
     */
    synchronized boolean closed(Downstream other, EndCause cause, long nowNanos) {
        if (!serves(other)) {
            return false;
        }
        takeDown(cause, nowNanos);
        return true;
    }

    /** Gives the socket up: it is gone, or shall go. */
    synchronized void takeDown(EndCause cause, long nowNanos) {
        broken = false;
        if (!down) {
            down = true;
            downNanos = nowNanos;
            downCause = cause;
            pump.abandon();
            queue.keepOnly(DownstreamConnection::isOwed, this::dropped);
        }
    }

    /**
     * The client is behind another socket now; one that is still there is closed.
     *
     * @param greeting what it gets first, before what is owed; may be empty
     */
    synchronized void attach(Downstream other, List<DownstreamMessage> greeting, long nowNanos) {
        takeDown(EndCause.MOVED, nowNanos);
        queue.keepOnly(DownstreamConnection::isOwed, this::dropped);
        for (DownstreamMessage message : greeting.reversed()) {
            queue.offerNext(entry(message, nowNanos));
        }
        socket = other;
        pump = new DownstreamWriter(session, queue, other, pump);
        down = false;
        pump.start();
    }

    /** The socket goes to another session, open as it is, and this line ends. */
    synchronized Downstream release() {
        down = true;
        // Before the queue is closed, which wakes the pump.
        pump.release();
        queue.discard();
        return socket;
    }

    /** The client was told to go elsewhere and has until then. */
    synchronized void moveBy(long nanos) {
        moving = true;
        moveByNanos = nanos;
    }

    /** Whether a client that was told to go elsewhere has had its time, or is gone. */
    synchronized boolean movedBy(long nowNanos) {
        return moving && (down || nowNanos - moveByNanos >= 0);
    }

    // ---- the end -------------------------------------------------------------------------------------------------

    /** What waits is still written, then the socket is closed. */
    synchronized void finish() {
        if (down) {
            queue.discard();
        } else {
            queue.close();
            pump.stop();
        }
    }

    /** Nothing more is written. */
    synchronized void cut() {
        queue.discard();
        pump.stop();
    }

    /** Does something once the socket of an ended session is closed, or is no longer this session's. */
    synchronized void whenClosed(Runnable action) {
        pump.whenStopped(action);
    }

    private void dropped(Entry<DownstreamMessage> entry) {
        meters.dropped(Direction.DOWN, entry.kind(), DropReason.DETACHED);
    }

    private static boolean isOwed(DownstreamMessage message) {
        return switch (message) {
            case ServerMessage.ToolCall _, ServerMessage.ToolCallCancellation _ -> true;
            case ServerMessage _, GatewayMessage _ -> false;
        };
    }
}
