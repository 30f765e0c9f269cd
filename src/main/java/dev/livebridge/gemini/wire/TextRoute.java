package dev.livebridge.gemini.wire;

/** How a typed turn reaches a model (gemini-live-api.md section 12.2). */
public enum TextRoute {
    /** As a user turn of {@code clientContent} that asks for an answer. */
    CLIENT_CONTENT,
    /** As {@code realtimeInput.text}; for models that take {@code clientContent} as history only. */
    REALTIME_INPUT
}
