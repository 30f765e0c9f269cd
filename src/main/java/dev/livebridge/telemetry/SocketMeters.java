package dev.livebridge.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Counts the messages of all sockets on one side, at the sockets; an independent check of {@link RelayMeters}. */
public final class SocketMeters {

    private final Way inbound;
    private final Way outbound;

    SocketMeters(MeterRegistry registry, String side) {
        this.inbound = Way.register(registry, side, "inbound");
        this.outbound = Way.register(registry, side, "outbound");
    }

    /** Counts a message that has arrived. */
    public void received(int bytes) {
        inbound.add(bytes);
    }

    /** Counts a message that is written. */
    public void sent(int bytes) {
        outbound.add(bytes);
    }

    private record Way(LongAdder messages, LongAdder bytes) {

        static Way register(MeterRegistry registry, String side, String direction) {
            Way way = new Way(new LongAdder(), new LongAdder());
            Metric.SOCKET_MESSAGES.functionCounter(registry, way.messages, side, direction);
            Metric.SOCKET_BYTES.functionCounter(registry, way.bytes, side, direction);
            return way;
        }

        void add(int payload) {
            messages.increment();
            bytes.add(payload);
        }
    }
}
