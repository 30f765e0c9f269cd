package dev.livebridge.message;

import java.util.Locale;

/**
 * What one side said in one turn, as text.
 *
 * @param role who
 * @param text typed, or the transcript of what was spoken
 */
public record TranscriptEntry(Role role, String text) {

    /** Who speaks, in Gemini Live's own words. */
    public enum Role {
        USER,
        MODEL;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As both wires spell it. */
        public String label() {
            return label;
        }
    }
}
