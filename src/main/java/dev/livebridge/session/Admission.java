package dev.livebridge.session;

/** Whether a client may open a socket; decided before its upgrade. */
public sealed interface Admission {

    /**
     * A slot is reserved.
     *
     * @param slot to be given to {@link SessionRegistry#open}, or given back
     */
    record Granted(SessionSlots.Slot slot) implements Admission {}

    /**
     * There is no free slot.
     *
     * @param reason label of the metric: {@code drain}, {@code capacity} or {@code awaiting_setup}
     */
    record Refused(String reason) implements Admission {}
}
