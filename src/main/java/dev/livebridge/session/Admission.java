package dev.livebridge.session;

/** The answer to a client that knocks, before its upgrade. */
public sealed interface Admission {

    /**
     * A seat is reserved.
     *
     * @param slot to be given to {@link SessionRegistry#open}, or given back
     */
    record Granted(SessionSlots.Slot slot) implements Admission {}

    /**
     * There is no seat.
     *
     * @param reason label of the metric: {@code drain}, {@code capacity} or {@code awaiting_setup}
     */
    record Refused(String reason) implements Admission {}
}
