package dev.livebridge.session;

/**
 * When a session moves away from an instance that drains.
 *
 * @param notBeforeNanos the session moves in the first pause after this time; sessions have different times
 * @param deadlineNanos after this time it moves without a pause
 */
record DrainWindow(long notBeforeNanos, long deadlineNanos) {

    /** Whether it is time. */
    boolean due(long nowNanos, boolean pause) {
        return nowNanos - deadlineNanos >= 0 || (pause && nowNanos - notBeforeNanos >= 0);
    }
}
