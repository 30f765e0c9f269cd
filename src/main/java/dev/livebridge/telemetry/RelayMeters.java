package dev.livebridge.telemetry;

import static java.util.Objects.requireNonNull;

import dev.livebridge.message.MessageKind;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.concurrent.TimeUnit;

/** The meters of a message's way, found beforehand, so that recording allocates nothing. */
public final class RelayMeters {

    private static final int KINDS = MessageKind.values().length;

    private final Way[] ways = new Way[Direction.values().length * KINDS];

    RelayMeters(MeterRegistry registry, String dialect) {
        for (Direction direction : Direction.values()) {
            for (MessageKind kind : MessageKind.values()) {
                ways[index(direction, kind)] = Way.register(registry, direction.label(), kind.label(), dialect);
            }
        }
    }

    /**
     * Records one message that was written. All moments are {@link System#nanoTime()}.
     *
     * @param payloadBytes its weight
     * @param receivedNanos when the frame that carried it arrived
     * @param queuedNanos when it entered its queue
     * @param takenNanos when it left its queue
     * @param writtenNanos when its write was over
     */
    public void relayed(
            Direction direction,
            MessageKind kind,
            int payloadBytes,
            long receivedNanos,
            long queuedNanos,
            long takenNanos,
            long writtenNanos) {
        Way way = ways[index(direction, kind)];
        way.latency().record(writtenNanos - receivedNanos, TimeUnit.NANOSECONDS);
        way.queueWait().record(takenNanos - queuedNanos, TimeUnit.NANOSECONDS);
        way.write().record(writtenNanos - takenNanos, TimeUnit.NANOSECONDS);
        way.bytes().record(payloadBytes);
    }

    /** Counts a message that was dropped. */
    public void dropped(Direction direction, MessageKind kind, DropReason reason) {
        requireNonNull(ways[index(direction, kind)].drops().get(reason)).increment();
    }

    private static int index(Direction direction, MessageKind kind) {
        return direction.ordinal() * KINDS + kind.ordinal();
    }

    private record Way(
            Timer latency,
            Timer queueWait,
            Timer write,
            DistributionSummary bytes,
            EnumMap<DropReason, Counter> drops) {

        static Way register(MeterRegistry registry, String direction, String kind, String dialect) {
            EnumMap<DropReason, Counter> drops = new EnumMap<>(DropReason.class);
            for (DropReason reason : DropReason.values()) {
                drops.put(reason, Metric.RELAY_DROPPED.counter(registry, direction, kind, reason.label()));
            }
            return new Way(
                    Metric.RELAY_LATENCY.timer(registry, direction, kind, dialect),
                    Metric.RELAY_QUEUE_WAIT.timer(registry, direction, kind),
                    Metric.RELAY_WRITE.timer(registry, direction, kind),
                    Metric.RELAY_BYTES.summary(registry, direction, kind, dialect),
                    drops);
        }
    }
}
