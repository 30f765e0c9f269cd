package dev.livebridge.load;

/** A run could not do what it was asked for; the message says why, in one sentence. */
final class LoadFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    LoadFailedException(String message) {
        super(message);
    }
}
