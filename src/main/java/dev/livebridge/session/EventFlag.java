package dev.livebridge.session;

/**
 * Whether an event has occurred since the last check of a session's deadlines. The first event after a check runs an
 * action; each further one costs one read of a field.
 */
final class EventFlag {

    private final Runnable onFirst;
    private volatile boolean occurred = true;

    /** @param onFirst must be fast and must not block: event loops call it */
    EventFlag(Runnable onFirst) {
        this.onFirst = onFirst;
    }

    /** An event has occurred: a message, or a change of a socket or of the state. */
    void set() {
        if (!occurred) {
            occurred = true;
            onFirst.run();
        }
    }

    /** A check begins. */
    void clear() {
        occurred = false;
    }

    /** Whether an event has occurred since {@link #clear}. */
    boolean occurred() {
        return occurred;
    }
}
