package dev.livebridge.load;

/** The command line asks for something that can't be done; the message says what, in one sentence. */
final class BadUsageException extends Exception {

    private static final long serialVersionUID = 1L;

    BadUsageException(String message) {
        super(message);
    }
}
