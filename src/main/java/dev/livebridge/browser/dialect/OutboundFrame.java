package dev.livebridge.browser.dialect;

/** A frame for a client. */
public sealed interface OutboundFrame {

    /**
     * A text frame.
     *
     * @param text its payload
     */
    record Text(String text) implements OutboundFrame {}

    /**
     * A binary frame.
     *
     * @param data its payload; not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Binary(byte[] data) implements OutboundFrame {}
}
