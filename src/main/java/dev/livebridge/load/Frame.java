package dev.livebridge.load;

/** What goes out on a socket as one message. */
sealed interface Frame {

    /** A text message. */
    record Text(String text) implements Frame {}

    /** A binary message. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Binary(byte[] data) implements Frame {}
}
