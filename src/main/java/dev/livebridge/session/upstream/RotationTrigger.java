package dev.livebridge.session.upstream;

import java.util.Locale;

/** Why a session replaces its connection to the model. */
public enum RotationTrigger {
    /** Gemini announced the end of the connection. */
    GO_AWAY,
    /** The connection has reached its maximum age. */
    AGE,
    /** The connection broke, or Gemini ended it. */
    LOST,
    /** The connection takes no more writes, or no frame arrives on it. */
    STALLED,
    /** The resumed model transcribes the user but generates nothing. */
    POISONED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label. */
    public String label() {
        return label;
    }
}
