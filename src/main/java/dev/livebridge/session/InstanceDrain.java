package dev.livebridge.session;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Whether this instance drains, and when its sessions move away then. Safe to use from any thread. */
final class InstanceDrain {

    private final Duration spread;
    private final Duration timeout;
    private final LongSupplier clock;
    private final AtomicLong emptySinceNanos;
    private volatile boolean draining;
    private volatile boolean stopping;
    private volatile long deadlineNanos;

    /**
     * An instance that does not drain.
     *
     * @param spread time over which the sessions begin to move
     * @param timeout after which sessions move even within a turn
     * @param clock in nanoseconds
     */
    InstanceDrain(Duration spread, Duration timeout, LongSupplier clock) {
        this.spread = spread;
        this.timeout = timeout;
        this.clock = clock;
        this.emptySinceNanos = new AtomicLong(clock.getAsLong());
    }

    /** Whether the instance drains. */
    boolean draining() {
        return draining;
    }

    /** The time after which sessions move even within a turn. */
    Duration timeout() {
        return timeout;
    }

    /**
     * Begins to drain.
     *
     * @return {@code false} when the instance drains already
     */
    synchronized boolean start() {
        if (draining) {
            return false;
        }
        deadlineNanos = clock.getAsLong() + timeout.toNanos();
        emptySinceNanos.set(clock.getAsLong());
        draining = true;
        return true;
    }

    /** The process stops: {@link #cancel} has no effect from now on. */
    synchronized void stop() {
        stopping = true;
    }

    /**
     * Ends the drain.
     *
     * @return {@code false} when the process is stopping
     */
    synchronized boolean cancel() {
        if (stopping) {
            return false;
        }
        draining = false;
        return true;
    }

    /** When one session moves; not all at once. */
    DrainWindow window() {
        long after = (long) (spread.toNanos() * ThreadLocalRandom.current().nextDouble());
        return new DrainWindow(clock.getAsLong() + after, deadlineNanos);
    }

    /** A session has ended, perhaps the last one. */
    void onSessionEnded() {
        emptySinceNanos.set(clock.getAsLong());
    }

    /** How long the instance has been draining without a session; zero otherwise. */
    Duration emptyFor(int sessions) {
        return draining && sessions == 0 ? Duration.ofNanos(clock.getAsLong() - emptySinceNanos.get()) : Duration.ZERO;
    }
}
