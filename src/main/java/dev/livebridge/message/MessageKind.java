package dev.livebridge.message;

import java.util.Locale;

/** The kind of a message, for queues and meters. Media may be dropped under pressure, other kinds never. */
public enum MessageKind {
    AUDIO,
    VIDEO,
    TEXT,
    CONTROL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The metric label, lower case. */
    public String label() {
        return label;
    }

    /** Whether a queue may drop it: audio and pictures become stale, all other messages must be delivered. */
    public boolean isMedia() {
        return this == AUDIO || this == VIDEO;
    }
}
