package dev.livebridge.session.upstream;

/** Why the upstream writer gives up a connection to the model. */
public sealed interface ConnectionEnd {

    /** The value in spans: the trigger's label, or {@code over}. */
    default String label() {
        return switch (this) {
            case SessionEnded() -> "over";
            case PlannedRotation rotation -> rotation.trigger().label();
            case ConnectionLost loss -> loss.trigger().label();
        };
    }

    /** The session has ended. */
    record SessionEnded() implements ConnectionEnd {}

    /**
     * The connection still works, but another one replaces it.
     *
     * @param trigger why
     * @param settled whether the connection was open for a while; after one that was not, the back-off applies
     */
    record PlannedRotation(RotationTrigger trigger, boolean settled) implements ConnectionEnd {}

    /**
     * The connection is lost, or could not be opened.
     *
     * @param trigger {@link RotationTrigger#LOST} or {@link RotationTrigger#STALLED}
     * @param end what Gemini or the network said
     * @param confirmed whether the model had confirmed the setup
     * @param conversationSeen whether the model sent content or turn events on it
     * @param stable whether it was open long enough to reset the count of attempts
     */
    record ConnectionLost(
            RotationTrigger trigger, UpstreamEnd end, boolean confirmed, boolean conversationSeen, boolean stable)
            implements ConnectionEnd {}
}
