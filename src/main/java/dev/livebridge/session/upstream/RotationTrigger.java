package dev.livebridge.session.upstream;

import java.util.Locale;

/** What makes a conversation change its connection to the model. */
public enum RotationTrigger {
    /** Gemini announced the end of the connection. */
    GO_AWAY,
    /** The connection has reached its age. */
    AGE,
    /** The connection broke, or Gemini ended it. */
    LOST,
    /** The connection takes nothing any more, or nothing is heard on it. */
    STALLED,
    /** The model hears but does not answer since it was resumed. */
    POISONED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label. */
    public String label() {
        return label;
    }
}
