package dev.livebridge.socket;

import dev.livebridge.json.Utf8Slice;

/** Receives the messages of a {@link MessageChannel}, in order, on its event loop; must not block. */
public interface MessageReceiver {

    /**
     * A text message has arrived.
     *
     * @param payload valid during the call only
     */
    void onText(Utf8Slice payload);

    /**
     * A binary message has arrived.
     *
     * @param payload its bytes, which may be UTF-8; valid during the call only
     */
    void onBinary(Utf8Slice payload);
}
