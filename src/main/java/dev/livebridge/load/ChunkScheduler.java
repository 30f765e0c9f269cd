package dev.livebridge.load;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Calls everybody when their time comes, to a fraction of a millisecond, which the timers of an event loop do not
 * reach. One thread for all. A call that comes late does not move the ones after it: times are counted from the start,
 * so that a service that holds somebody up is charged for everything that had to wait.
 */
final class ChunkScheduler implements AutoCloseable {

    /** Longest sleep, so that somebody new is not overlooked for long. */
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
     * Calls again and again.
     *
     * @param call is told the time it was due; must be quick
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
