package dev.livebridge.simulator;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;

/** The timers of one connection: they run on its event loop, and all end with it. */
final class Timers {

    private final Vertx vertx;
    private final Set<Long> pending = new HashSet<>();
    private boolean stopped;

    Timers(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs a task after a delay; zero and less run it as soon as the event loop is free. */
    Task after(long delayMs, Runnable task) {
        Task handle = new Task();
        if (stopped) {
            return handle;
        }
        handle.id = vertx.setTimer(Math.max(1, delayMs), id -> {
            pending.remove(id);
            if (!handle.cancelled) {
                task.run();
            }
        });
        pending.add(handle.id);
        return handle;
    }

    /** Runs a task again and again until the connection ends. */
    void every(long periodMs, Runnable task) {
        if (!stopped) {
            pending.add(vertx.setPeriodic(Math.max(1, periodMs), id -> task.run()));
        }
    }

    void stop() {
        stopped = true;
        pending.forEach(vertx::cancelTimer);
        pending.clear();
    }

    /** A task that can be called off. */
    final class Task {

        private long id = -1;
        private boolean cancelled;

        private Task() {}

        void cancel() {
            cancelled = true;
            if (pending.remove(id)) {
                vertx.cancelTimer(id);
            }
        }
    }
}
