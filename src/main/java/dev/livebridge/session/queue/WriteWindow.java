package dev.livebridge.session.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How many bytes a pump may have handed to its socket without having heard that they were written.
 *
 * <p>Back-pressure: while the peer reads, writes finish at once and the pump never waits; when the peer stops, at most
 * one window of bytes is outstanding and the pump parks here, so the rest waits in the bounded queue behind it. Waiting
 * for every single write instead would cost a wake-up of the pump per message.
 */
public final class WriteWindow {

    /** A stalled pump looks around this often, so that it notices when its time to flush has run out. */
    private static final long RECHECK_NANOS = 100_000_000;

    private final int limit;
    private final AtomicLong outstanding = new AtomicLong();
    private volatile boolean waiting;
    private volatile long progressNanos;
    private final Thread writer;
    private final LongSupplier clock;

    /**
     * A window nothing has been written through.
     *
     * @param writer the thread that writes
     * @param limit in bytes; one message more than this may be outstanding
     * @param clock in nanoseconds
     */
    public WriteWindow(Thread writer, int limit, LongSupplier clock) {
        this.writer = writer;
        this.clock = clock;
        this.limit = limit;
    }

    /** A write begins. */
    public void onWriteStarted(int bytes) {
        outstanding.addAndGet(bytes);
    }

    /** A write is over, well or not. */
    public void onWriteFinished(int bytes) {
        long left = outstanding.addAndGet(-bytes);
        if (waiting) {
            progressNanos = clock.getAsLong();
            if (left <= limit) {
                LockSupport.unpark(writer);
            }
        }
    }

    /** For how long the pump has been waiting without any write coming to its end; zero while it does not wait. */
    public long stuckNanos(long nowNanos) {
        return waiting ? nowNanos - progressNanos : 0;
    }

    /** Parks the pump while the window is full, until {@code abandoned}. */
    public void await(BooleanSupplier abandoned) {
        awaitBelow(limit, abandoned);
    }

    /** Parks the pump until everything is written, until {@code abandoned}. */
    public void awaitEmpty(BooleanSupplier abandoned) {
        awaitBelow(0, abandoned);
    }

    private void awaitBelow(int bytes, BooleanSupplier abandoned) {
        if (outstanding.get() <= bytes) {
            return;
        }
        progressNanos = clock.getAsLong();
        waiting = true;
        while (outstanding.get() > bytes && !abandoned.getAsBoolean()) {
            LockSupport.parkNanos(this, RECHECK_NANOS);
        }
        waiting = false;
    }
}
