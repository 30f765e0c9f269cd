package dev.livebridge.session;

/** Why the up pump leaves a connection to the model. */
sealed interface Departure {

    /** As spans say it: the trigger's label, or {@code over}. */
    default String label() {
        return switch (this) {
            case Over() -> "over";
            case Renewal(Trigger trigger) -> trigger.label();
            case Loss loss -> loss.trigger().label();
        };
    }

    /** The session has ended. */
    record Over() implements Departure {}

    /**
     * The connection still works, but another one shall take its place.
     *
     * @param trigger why
     */
    record Renewal(Trigger trigger) implements Departure {}

    /**
     * The connection is gone, or never came to be.
     *
     * @param trigger {@link Trigger#LOST} or {@link Trigger#STALLED}
     * @param end what Gemini or the network said
     * @param confirmed whether the model had confirmed the setup
     * @param traffic whether there was a conversation on it
     */
    record Loss(Trigger trigger, UpstreamEnd end, boolean confirmed, boolean traffic) implements Departure {}
}
