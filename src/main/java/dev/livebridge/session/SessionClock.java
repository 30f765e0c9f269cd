package dev.livebridge.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time of all sessions of a process; tests have their own. */
interface SessionClock {

    /** The clock of the JVM. */
    SessionClock SYSTEM = new SessionClock() {
        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    };

    /** As {@link System#nanoTime()}. */
    long now();

    /**
     * Blocks the calling thread.
     *
     * @throws InterruptedException when the session has ended
     */
    void pause(Duration time) throws InterruptedException;
}
