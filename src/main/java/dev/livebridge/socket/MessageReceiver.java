package dev.livebridge.socket;

import io.netty.buffer.ByteBuf;

/** Receives the messages of a {@link MessageChannel}, in order, on its event loop; must not block. */
public interface MessageReceiver {

    /**
     * A text message has arrived.
     *
     * @param payload UTF-8; valid during the call only
     */
    void onText(ByteBuf payload);

    /**
     * A binary message has arrived.
     *
     * @param payload valid during the call only
     */
    void onBinary(ByteBuf payload);
}
