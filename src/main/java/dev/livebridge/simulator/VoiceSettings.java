package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How speech is found in the stream (gemini-live-api.md sections 4.1.4 and 7.3).
 *
 * @param threshold loudness of speech, root mean square of 16-bit samples
 * @param startMs speech needed before it counts
 * @param endMs silence that ends it
 */
record VoiceSettings(int threshold, int startMs, int endMs) {

    private static final int QUIET = 450;
    private static final int LOUD = 1_400;
    private static final int DEFAULT_END_MS = 800;
    private static final int UNHURRIED_END_MS = 1_200;

    /** Reads {@code automaticActivityDetection}; the Developer API's defaults are the sensitive ones. */
    static VoiceSettings of(JsonNode detection) {
        boolean low = detection.path("startOfSpeechSensitivity").asText().equals("START_SENSITIVITY_LOW");
        boolean unhurried = detection.path("endOfSpeechSensitivity").asText().equals("END_SENSITIVITY_LOW");
        int start = detection.path("prefixPaddingMs").asInt(low ? 200 : 100);
        int end = detection.path("silenceDurationMs").asInt(unhurried ? UNHURRIED_END_MS : DEFAULT_END_MS);
        return new VoiceSettings(low ? LOUD : QUIET, Math.clamp(start, 20, 2_000), Math.clamp(end, 20, 10_000));
    }
}
