package dev.livebridge.load;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Calls everybody when their time comes, to a fraction of a millisecond, which the timers of an event loop do not
 * reach. One thread for all. A call that comes late does not move the ones after it: times are counted from the start,
 * so that a service that holds somebody up is charged for everything that had to wait.
 */
final class Timetable implements AutoCloseable {

    /** Longest sleep, so that somebody new is not overlooked for long. */
    private static final long NAP_NANOS = 2_000_000;

    private final PriorityQueue<Appointment> appointments = new PriorityQueue<>();
    private final Thread thread = Thread.ofPlatform().name("timetable").daemon().unstarted(this::run);
    private volatile boolean open = true;

    private record Appointment(long dueNanos, long periodNanos, LongConsumer call) implements Comparable<Appointment> {

        @Override
        public int compareTo(Appointment other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }

        Appointment next() {
            return new Appointment(dueNanos + periodNanos, periodNanos, call);
        }
    }

    Timetable() {
        thread.start();
    }

    /**
     * Calls again and again.
     *
     * @param call is told the time it was due; must be quick
     */
    void every(long periodNanos, LongConsumer call) {
        synchronized (appointments) {
            appointments.add(new Appointment(System.nanoTime() + periodNanos, periodNanos, call));
        }
    }

    private void run() {
        while (open) {
            long wait = callThoseWhoAreDue();
            if (wait > 0) {
                LockSupport.parkNanos(Math.min(wait, NAP_NANOS));
            }
        }
    }

    private long callThoseWhoAreDue() {
        while (true) {
            Appointment first;
            synchronized (appointments) {
                first = appointments.peek();
                if (first == null) {
                    return NAP_NANOS;
                }
                long wait = first.dueNanos() - System.nanoTime();
                if (wait > 0) {
                    return wait;
                }
                appointments.remove();
                appointments.add(first.next());
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
