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
     * The conversation changes its connection to the model. Input waits; what was heard stays. Holds until the next
     * connection's {@code setupComplete}.
     *
     * @param negotiated what was agreed
     * @param trigger why
     * @param sinceNanos when the last message had gone up
     */
    record Rotating(Negotiated negotiated, Trigger trigger, long sinceNanos) implements SessionState {}

    /**
     * Over. The pumps say what is left to say, close both sockets and stop.
     *
     * @param cause why
     * @param message for people
     * @param atNanos when
     */
    record Ended(EndCause cause, String message, long atNanos) implements SessionState {}
}
