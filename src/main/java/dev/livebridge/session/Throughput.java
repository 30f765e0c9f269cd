package dev.livebridge.session;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of one direction, and the bytes per second over the last seconds. */
final class Throughput {

    private static final long SECOND = 1_000_000_000L;
    private static final long SPAN_NANOS = 5 * SECOND;

    private final AtomicLong total = new AtomicLong();
    private long sampledAt;
    private long sampled;
    private volatile long perSecond;

    Throughput(long nowNanos) {
        sampledAt = nowNanos;
    }

    void add(int bytes) {
        total.addAndGet(bytes);
    }

    /** Called at each check of the session's deadlines, always by the same thread. */
    void sample(long nowNanos) {
        long elapsed = nowNanos - sampledAt;
        if (elapsed >= SPAN_NANOS) {
            long now = total.get();
            perSecond = (now - sampled) * SECOND / elapsed;
            sampled = now;
            sampledAt = nowNanos;
        }
    }

    long perSecond() {
        return perSecond;
    }
}
