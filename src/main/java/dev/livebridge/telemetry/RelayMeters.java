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

/** The per-message meters of one dialect, looked up in advance so that recording allocates nothing. */
public final class RelayMeters {

    private final EnumMap<Direction, EnumMap<MessageKind, Way>> ways = new EnumMap<>(Direction.class);

    RelayMeters(MeterRegistry registry, String dialect) {
        for (Direction direction : Direction.values()) {
            EnumMap<MessageKind, Way> kinds = new EnumMap<>(MessageKind.class);
            for (MessageKind kind : MessageKind.values()) {
                kinds.put(kind, Way.register(registry, direction.label(), kind.label(), dialect));
            }
            ways.put(direction, kinds);
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
        Way way = way(direction, kind);
        way.latency().record(writtenNanos - receivedNanos, TimeUnit.NANOSECONDS);
        way.queueWait().record(takenNanos - queuedNanos, TimeUnit.NANOSECONDS);
        way.write().record(writtenNanos - takenNanos, TimeUnit.NANOSECONDS);
        way.bytes().record(payloadBytes);
    }

    /** Counts a message that was dropped. */
    public void dropped(Direction direction, MessageKind kind, DropReason reason) {
        requireNonNull(way(direction, kind).drops().get(reason)).increment();
    }

    private Way way(Direction direction, MessageKind kind) {
        return requireNonNull(requireNonNull(ways.get(direction)).get(kind));
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
