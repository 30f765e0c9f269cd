package dev.livebridge.message;

import java.util.Locale;

/**
 * The text of one side in one turn.
 *
 * @param role who
 * @param text typed text, or the transcript of speech
 */
public record TranscriptEntry(Role role, String text) {

    /** The speaker, in Gemini Live's terms. */
    public enum Role {
        USER,
        MODEL;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The label on both wires. */
        public String label() {
            return label;
        }
    }
}
