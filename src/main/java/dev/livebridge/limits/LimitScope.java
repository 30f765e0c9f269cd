package dev.livebridge.limits;

import java.util.Locale;

/** Whose conversations a limit counts together. */
public enum LimitScope {
    /** Those of one subject. */
    SUBJECT("You have"),
    /** Those of one address, which is an anonymous caller's subject. */
    ADDRESS("Your network address has"),
    /** Those with one API key. */
    KEY("The API key has"),
    /** Those of all callers. */
    ALL("The service has"),
    /** One conversation. */
    CONVERSATION("This conversation has");

    private final String label = name().toLowerCase(Locale.ROOT);
    private final String beginning;

    LimitScope(String beginning) {
        this.beginning = beginning;
    }

    /** The metric label, and the name in the answer of {@code /api/usage}. */
    public String label() {
        return label;
    }

    /** How a sentence about it begins. */
    String beginning() {
        return beginning;
    }
}
