package dev.livebridge.access.rules;

/** A rules file is not what it has to be. */
public final class InvalidRulesException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * A fault at a place.
     *
     * @param line counted from 1
     * @param what one sentence
     */
    InvalidRulesException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
