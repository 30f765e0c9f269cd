package dev.livebridge.simulator;

import java.util.List;
import java.util.Optional;

/**
 * A model that takes part in live conversations.
 *
 * @param id without {@code models/}
 */
record Model(String id, String displayName, ModelFamily family) {

    private static final String PREFIX = "models/";

    /** The models that the API listed on 8 October 2026 (gemini-live-api.md section 12.1). */
    static final List<Model> CATALOGUE = List.of(
            new Model("gemini-3.8-live", "Gemini 3.8 Live", ModelFamily.LIVE_3_8),
            new Model(
                    "gemini-3.8-live-extended-thinking", "Gemini 3.8 Live Extended Thinking", ModelFamily.THINKING_3_8),
            new Model("gemini-3.1-flash-live-preview", "Gemini 3.1 Flash Live Preview", ModelFamily.FLASH_3_1),
            new Model(
                    "gemini-2.5-flash-native-audio-latest",
                    "Gemini 2.5 Flash Native Audio Latest",
                    ModelFamily.NATIVE_2_5),
            new Model(
                    "gemini-2.5-flash-native-audio-preview-12-2025",
                    "Gemini 2.5 Flash Native Audio Preview 12-2025",
                    ModelFamily.NATIVE_2_5),
            new Model(
                    "gemini-2.5-flash-native-audio-preview-09-2025",
                    "Gemini 2.5 Flash Native Audio Preview 09-2025",
                    ModelFamily.NATIVE_2_5),
            new Model("gemini-3.5-live-translate-preview", "Gemini 3.5 Live Translate Preview", ModelFamily.TRANSLATE),
            new Model("gemini-3.5-transcribe-live", "Gemini 3.5 Transcribe Live", ModelFamily.TRANSCRIBE),
            new Model(
                    "gemini-robotics-er-2-streaming-preview",
                    "Gemini Robotics-ER 2 Streaming Preview",
                    ModelFamily.ROBOTICS));

    /** Looks a model up by its name, with or without {@code models/}. */
    static Optional<Model> named(String name) {
        String id = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        return CATALOGUE.stream().filter(model -> model.id.equals(id)).findFirst();
    }

    /** {@code models/} and the id. */
    String name() {
        return PREFIX + id;
    }
}
