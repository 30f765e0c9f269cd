package dev.livebridge.session.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Bounds the bytes that a writer has given to its socket and whose writes have not finished.
 *
 * <p>Back-pressure: while the peer reads, writes finish at once and the writer never waits; when the peer stops, at
 * most one window of bytes is outstanding and the writer parks here, so the other messages wait in the bounded queue.
 * Waiting for every single write instead would cost one wake-up of the writer per message.
 */
public final class WriteWindow {

    /** How often a parked writer checks its stop condition, such as the end of the time to flush. */
    private static final long RECHECK_NANOS = 100_000_000;

    private final int limit;
    private final AtomicLong outstanding = new AtomicLong();
    private volatile boolean waiting;
    private volatile long progressNanos;
    private final Thread writer;
    private final LongSupplier clock;

    /**
     * A window without outstanding writes.
     *
     * @param writer the thread that writes
     * @param limit in bytes; may be exceeded by one message
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

    /** A write has finished or failed. */
    public void onWriteFinished(int bytes) {
        long left = outstanding.addAndGet(-bytes);
        if (waiting) {
            progressNanos = clock.getAsLong();
            if (left <= limit) {
                LockSupport.unpark(writer);
            }
        }
    }

    /** Whether a write may begin without waiting. */
    public boolean hasRoom() {
        return outstanding.get() <= limit;
    }

    /** How long the writer has waited without a write that finished; zero while it does not wait. */
    public long stuckNanos(long nowNanos) {
        return waiting ? nowNanos - progressNanos : 0;
    }

    /** Parks the writer while the window is full, at most until {@code abandoned}. */
    public void await(BooleanSupplier abandoned) {
        awaitBelow(limit, abandoned);
    }

    /** Parks the writer until all writes have finished, at most until {@code abandoned}. */
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
