package dev.livebridge.session;

/** Where a conversation stands. {@link LiveSession} draws the edges. */
sealed interface SessionState {

    /** The socket is open, the client has said nothing yet. Holds until the setup or the setup timeout. */
    record AwaitingSetup() implements SessionState {}

    /**
     * The setup is known; the model is being called. Input waits. Holds until {@code setupComplete}.
     *
     * @param sinceNanos when the setup came
     */
    record Connecting(long sinceNanos) implements SessionState {}

    /**
     * Both sides talk.
     *
     * @param negotiated what was agreed
     */
    record Live(Negotiated negotiated) implements SessionState {}

    /**
     * The process is on its way out: the connection to the model is closed or being closed, and the client is told to
     * go on at another instance. What it still says here is not heard. Holds until it has gone, or has had time to.
     */
    record Moving() implements SessionState {}

    /**
     * Over. The pumps say what is left to say, close both sockets and stop.
     *
     * @param cause why
     * @param message for people
     * @param atNanos when
     */
    record Ended(EndCause cause, String message, long atNanos) implements SessionState {}
}
