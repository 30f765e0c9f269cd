package dev.livebridge.session;

import dev.livebridge.session.SessionState.Ended;

/** Holds the sessions of a process, and is called when one of them ends. */
interface SessionOwner {

    /** An event has occurred that may change the deadlines of a session; see {@link EventFlag}. */
    void onEvent(LiveSession session);

    /** A session has ended; called exactly once for each. */
    void onEnded(LiveSession session, Ended ended);

    /**
     * The socket of an ended session is closed, or belongs to another session; called once for each, after
     * {@link #onEnded}.
     */
    void onClosed(LiveSession session);
}
