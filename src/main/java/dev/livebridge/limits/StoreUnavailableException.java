package dev.livebridge.limits;

/** The store did not answer, or not in time. */
final class StoreUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    StoreUnavailableException(Throwable cause) {
        super("the limit store can't be asked", cause);
    }
}
