package dev.livebridge.browser;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the messages of one connection in order. Small messages are decoded at once on the event loop; a large message
 * is decoded by another thread, and all later ones wait for it. Each connection has at most one step on the other
 * threads at a time, so that these threads serve the connections in turn.
 */
final class InboundOrder {

    private final Executor threads;
    /** Guarded by {@code this}; created on first use. */
    private @Nullable ArrayDeque<Step> waiting;

    private volatile boolean busy;

    /**
     * A deferred step.
     *
     * @param bytes of the message that it holds
     * @param work that does not throw
     */
    private record Step(int bytes, Runnable work) {}

    /** Receives the number of waiting bytes. */
    @FunctionalInterface
    interface Gauge {

        /**
         * The number of waiting bytes has changed.
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

    /** Whether a step may run at once. Called on the event loop, like {@link #defer}. */
    boolean idle() {
        return !busy;
    }

    /** Runs a step on another thread, after all steps deferred before it. */
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
