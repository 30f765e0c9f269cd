package dev.livebridge.session;

/**
 * When a conversation leaves a process that is on its way out.
 *
 * @param fromNanos it leaves in the first pause after this moment; not all leave at once
 * @param byNanos it leaves now, pause or not
 */
record DrainWindow(long fromNanos, long byNanos) {

    /** Whether it is time. */
    boolean due(long nowNanos, boolean pause) {
        return nowNanos - byNanos >= 0 || (pause && nowNanos - fromNanos >= 0);
    }
}
