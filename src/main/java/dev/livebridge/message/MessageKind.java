package dev.livebridge.message;

import java.util.Locale;

/** What a message carries, as far as queues and meters care. Media may be dropped under pressure; the rest never. */
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

    /** Whether a queue may give this up: sound and pictures age, everything else is owed to the peer. */
    public boolean isMedia() {
        return this == AUDIO || this == VIDEO;
    }
}
