package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.MessageKind;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.queue.MessageQueue.Entry;
import dev.livebridge.session.turn.TurnClock;
import dev.livebridge.session.turn.TurnNumber;
import dev.livebridge.telemetry.ConversationTrace;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import org.jspecify.annotations.Nullable;

/** Counts and times the messages that one session has written in both directions, and measures the throughput. */
final class RelayRecorder {

    private final RelayMeters meters;
    private final ConversationTrace trace;
    private final Throughput up;
    private final Throughput down;
    private final TurnClock turnClock;
    private final ConversationBudget budget;
    private volatile long readyNanos;

    RelayRecorder(
            RelayMeters meters,
            ConversationTrace trace,
            TurnClock turnClock,
            ConversationBudget budget,
            long startedNanos) {
        this.meters = meters;
        this.trace = trace;
        this.turnClock = turnClock;
        this.budget = budget;
        this.readyNanos = startedNanos;
        this.up = new Throughput(startedNanos);
        this.down = new Throughput(startedNanos);
    }

    /** The model is ready. Waiting for it does not count as latency of the gateway. */
    void onModelReady(long nowNanos) {
        readyNanos = nowNanos;
    }

    /**
     * A message was written to the model, or the write failed.
     *
     * @param takenNanos when it was taken from the queue
     * @param now when the write had finished
     */
    void onWrittenUpstream(Entry<ClientMessage> entry, long takenNanos, boolean failed, long now) {
        if (failed) {
            onDropped(Direction.UP, entry, DropReason.ENDED);
            return;
        }
        long received = Math.max(entry.receivedNanos(), readyNanos);
        long queued = Math.max(entry.queuedNanos(), readyNanos);
        up.add(entry.bytes());
        try (var _ = trace.scope()) {
            meters.relayed(Direction.UP, entry.kind(), entry.bytes(), received, queued, takenNanos, now);
        }
        turnClock.onWrittenToModel(entry.message(), received, now);
        budget.onClientMessage(entry.message());
    }

    /**
     * A message was written to the client.
     *
     * @param turn the number of its turn
     * @param takenNanos when it was taken from the queue
     * @param now when the write had finished
     * @return the times of the turn for the client, once per turn; otherwise {@code null}
     */
    GatewayMessage.@Nullable Timing onWrittenDownstream(
            Entry<DownstreamMessage> entry, TurnNumber turn, long takenNanos, long now) {
        down.add(entry.bytes());
        try (var _ = trace.scope()) {
            meters.relayed(
                    Direction.DOWN,
                    entry.kind(),
                    entry.bytes(),
                    entry.receivedNanos(),
                    entry.queuedNanos(),
                    takenNanos,
                    now);
            return turnClock.onWrittenToClient(entry.message(), turn, entry.receivedNanos(), now);
        }
    }

    /** A message is not written. */
    void onDropped(Direction direction, Entry<?> entry, DropReason reason) {
        onDropped(direction, entry.kind(), reason);
    }

    /** A message is not even queued. */
    void onDropped(Direction direction, MessageKind kind, DropReason reason) {
        meters.dropped(direction, kind, reason);
    }

    /** Called at each check of the session's deadlines. */
    void sample(long nowNanos) {
        up.sample(nowNanos);
        down.sample(nowNanos);
    }

    /** Bytes per second over the last seconds. */
    long perSecond(Direction direction) {
        return (direction == Direction.UP ? up : down).perSecond();
    }
}
