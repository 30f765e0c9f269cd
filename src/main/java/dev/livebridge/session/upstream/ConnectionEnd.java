package dev.livebridge.session.upstream;

/** Why the up pump leaves a connection to the model. */
public sealed interface ConnectionEnd {

    /** As spans say it: the trigger's label, or {@code over}. */
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
     * The connection still works, but another one shall take its place.
     *
     * @param trigger why
     * @param settled whether it was open for a while; a model that sends each connection away at once is not called
     *     again without a pause
     */
    record PlannedRotation(RotationTrigger trigger, boolean settled) implements ConnectionEnd {}

    /**
     * The connection is gone, or never came to be.
     *
     * @param trigger {@link RotationTrigger#LOST} or {@link RotationTrigger#STALLED}
     * @param end what Gemini or the network said
     * @param confirmed whether the model had confirmed the setup
     * @param conversationSeen whether there was a conversation on it
     * @param stable whether it lived long enough for the count of attempts to begin anew
     */
    record ConnectionLost(
            RotationTrigger trigger, UpstreamEnd end, boolean confirmed, boolean conversationSeen, boolean stable)
            implements ConnectionEnd {}
}
