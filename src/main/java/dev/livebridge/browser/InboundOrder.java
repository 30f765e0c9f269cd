package dev.livebridge.browser;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The order of what one connection says. Most of it is read at once, on the event loop; a large message is read by
 * another thread, and whatever comes behind it waits. Each connection has one step with the other threads at a time, so
 * that many connections take turns.
 */
final class InboundOrder {

    private final Executor threads;
    /** Guarded by this; made when it is first needed. */
    private @Nullable ArrayDeque<Step> waiting;

    private volatile boolean busy;

    /**
     * Something to do.
     *
     * @param bytes that it keeps
     * @param work that does not throw
     */
    private record Step(int bytes, Runnable work) {}

    /** Is told what waits. */
    @FunctionalInterface
    interface Gauge {

        /**
         * More bytes wait, or fewer.
         *
         * @param delta bytes, negative when they no longer wait
         */
        void addWaiting(long delta);
    }

    private final Gauge gauge;

    InboundOrder(Executor threads, Gauge gauge) {
        this.threads = threads;
        this.gauge = gauge;
    }

    /** Whether a step may be done at once. Called on the event loop, like {@link #defer}. */
    boolean idle() {
        return !busy;
    }

    /** Does a step on another thread, after all that was deferred before it. */
    void defer(int bytes, Runnable work) {
        gauge.addWaiting(bytes);
        synchronized (this) {
            if (waiting == null) {
                waiting = new ArrayDeque<>(2);
            }
            waiting.addLast(new Step(bytes, work));
            if (busy) {
                return;
            }
            busy = true;
        }
        threads.execute(this::next);
    }

    private void next() {
        Step step = first();
        try {
            step.work().run();
        } finally {
            gauge.addWaiting(-step.bytes());
            if (more()) {
                threads.execute(this::next);
            }
        }
    }

    private synchronized Step first() {
        if (waiting == null) {
            throw new IllegalStateException("nothing waits");
        }
        return waiting.getFirst();
    }

    private synchronized boolean more() {
        if (waiting == null) {
            throw new IllegalStateException("nothing waits");
        }
        waiting.removeFirst();
        busy = !waiting.isEmpty();
        return busy;
    }
}
