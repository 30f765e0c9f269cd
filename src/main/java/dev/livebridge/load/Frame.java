package dev.livebridge.load;

/** An outgoing WebSocket message. */
sealed interface Frame {

    /** A text message. */
    record Text(String text) implements Frame {}

    /** A binary message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Binary(byte[] data) implements Frame {}
}
