package dev.livebridge.gemini;

/** How a typed turn goes up; it depends on the model (gemini-live-api.md section 12.2). */
public enum TextRoute {
    /** A {@code clientContent} turn with {@code turnComplete}. */
    CLIENT_CONTENT,
    /** {@code realtimeInput.text}; the model takes {@code clientContent} only as history. */
    REALTIME_TEXT
}
