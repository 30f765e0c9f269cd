package dev.livebridge.browser.dialect;

import dev.livebridge.message.MediaText;

/** A frame for a client. */
public sealed interface OutboundFrame {

    /**
     * A text frame.
     *
     * @param text its payload
     */
    record Text(String text) implements OutboundFrame {}

    /**
     * A text frame with one chunk of media.
     *
     * @param media its payload
     */
    record MediaInText(MediaText media) implements OutboundFrame {}

    /**
     * A binary frame with one chunk of media in JSON.
     *
     * @param media its payload
     */
    record MediaInBinary(MediaText media) implements OutboundFrame {}

    /**
     * A binary frame.
     *
     * @param data its payload; not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Binary(byte[] data) implements OutboundFrame {}
}
