package dev.livebridge.session;

import java.time.Duration;

/**
 * Checks the deadlines of sessions: each when its next one is due, and within {@link #TICK} after an event of the
 * session, which may have changed them. A session without events and due deadlines costs nothing, except for one check
 * every {@link #MAX_INTERVAL}.
 *
 * <p>One thread calls {@link #tick}; the other methods are safe for use by many threads.
 */
final class SessionTimer {

    /** Time between two ticks: the accuracy of all deadlines. */
    static final Duration TICK = Duration.ofMillis(100);

    /** A session is checked at least this often. */
    static final Duration MAX_INTERVAL = Duration.ofSeconds(5);

    private final DeadlineQueue<Timed> queue;
    private final SessionClock clock;

    /** A session, for the timer. */
    interface Timed {

        /** Does everything that is due. */
        void checkDeadlines();

        /**
         * Time in nanoseconds until something becomes due if no event occurs; may be shorter, is not longer, and may be
         * zero or negative. {@link Long#MAX_VALUE} when the session has ended.
         */
        long dueInNanos();

        /** The events of the session. */
        EventFlag events();

        /** A check has failed. */
        void fault(String doing, RuntimeException fault);
    }

    SessionTimer(SessionClock clock) {
        this.clock = clock;
        this.queue = new DeadlineQueue<>(clock.now());
    }

    /** Checks the session from the next tick on. */
    void add(Timed session) {
        queue.put(session, clock.now());
    }

    /** Does not check the session any more. */
    void remove(Timed session) {
        queue.remove(session);
    }

    /** An event has occurred: the session is checked at the next tick. */
    void onEvent(Timed session) {
        queue.advance(session, clock.now());
    }

    /** Checks the sessions that are due. */
    void tick() {
        long now = clock.now();
        for (Timed session = queue.poll(now); session != null; session = queue.poll(now)) {
            check(session, now);
        }
    }

    private void check(Timed session, long now) {
        session.events().clear();
        long dueIn = 0;
        try {
            session.checkDeadlines();
            dueIn = session.dueInNanos();
        } catch (RuntimeException e) {
            session.fault("checking deadlines", e);
        }
        if (dueIn == Long.MAX_VALUE) {
            return;
        }
        queue.put(session, now + Math.clamp(dueIn, TICK.toNanos(), MAX_INTERVAL.toNanos()));
        if (session.events().occurred()) {
            // The event found the session outside the queue, or was not seen by the check.
            queue.advance(session, now + TICK.toNanos());
        }
    }

    /** Sessions that are checked. */
    int size() {
        return queue.size();
    }
}
