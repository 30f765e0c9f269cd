package dev.livebridge.access.rules;

/** A YAML file of the operator is invalid. */
public final class InvalidRulesException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Creates an error at a line.
     *
     * @param line counted from 1
     * @param message one sentence
     */
    public InvalidRulesException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
