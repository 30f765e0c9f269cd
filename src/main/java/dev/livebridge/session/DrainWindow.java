package dev.livebridge.session;

/**
 * When a conversation leaves a process that is on its way out.
 *
 * @param notBeforeNanos it leaves in the first pause after this moment; not all leave at once
 * @param deadlineNanos it leaves now, pause or not
 */
record DrainWindow(long notBeforeNanos, long deadlineNanos) {

    /** Whether it is time. */
    boolean due(long nowNanos, boolean pause) {
        return nowNanos - deadlineNanos >= 0 || (pause && nowNanos - notBeforeNanos >= 0);
    }
}
