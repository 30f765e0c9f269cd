package dev.livebridge.load;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Runs periodic tasks with a precision below a millisecond, which the timers of an event loop do not reach. One thread
 * runs all. A late run does not shift the following ones: due times are counted from the start, so that waiting caused
 * by the service is part of the measurement.
 */
final class ChunkScheduler implements AutoCloseable {

    /** Maximum sleep, so that a new task is not delayed for longer. */
    private static final long MAX_SLEEP_NANOS = 2_000_000;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Thread thread = Thread.ofPlatform().name("scheduler").daemon().unstarted(this::run);
    private volatile boolean open = true;

    private record Task(long dueNanos, long periodNanos, LongConsumer call) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }

        Task next() {
            return new Task(dueNanos + periodNanos, periodNanos, call);
        }
    }

    ChunkScheduler() {
        thread.start();
    }

    /**
     * Adds a periodic task.
     *
     * @param call gets the time it was due; must be quick
     */
    void every(long periodNanos, LongConsumer call) {
        synchronized (tasks) {
            tasks.add(new Task(System.nanoTime() + periodNanos, periodNanos, call));
        }
    }

    private void run() {
        while (open) {
            long wait = runDueTasks();
            if (wait > 0) {
                LockSupport.parkNanos(Math.min(wait, MAX_SLEEP_NANOS));
            }
        }
    }

    private long runDueTasks() {
        while (true) {
            Task first;
            synchronized (tasks) {
                first = tasks.peek();
                if (first == null) {
                    return MAX_SLEEP_NANOS;
                }
                long wait = first.dueNanos() - System.nanoTime();
                if (wait > 0) {
                    return wait;
                }
                tasks.remove();
                tasks.add(first.next());
            }
            first.call().accept(first.dueNanos());
        }
    }

    @Override
    public void close() {
        open = false;
        LockSupport.unpark(thread);
    }
}
