package dev.livebridge.session;

/** Why the up pump leaves a connection to the model. */
sealed interface Departure {

    /** As spans say it: the trigger's label, or {@code over}. */
    default String label() {
        return switch (this) {
            case Over() -> "over";
            case Renewal renewal -> renewal.trigger().label();
            case Loss loss -> loss.trigger().label();
        };
    }

    /** The session has ended. */
    record Over() implements Departure {}

    /**
     * The connection still works, but another one shall take its place.
     *
     * @param trigger why
     * @param settled whether it was open for a while; a model that sends each connection away at once is not called
     *     again without a pause
     */
    record Renewal(Trigger trigger, boolean settled) implements Departure {}

    /**
     * The connection is gone, or never came to be.
     *
     * @param trigger {@link Trigger#LOST} or {@link Trigger#STALLED}
     * @param end what Gemini or the network said
     * @param confirmed whether the model had confirmed the setup
     * @param traffic whether there was a conversation on it
     * @param stable whether it lived long enough for the count of attempts to begin anew
     */
    record Loss(Trigger trigger, UpstreamEnd end, boolean confirmed, boolean traffic, boolean stable)
            implements Departure {}
}
