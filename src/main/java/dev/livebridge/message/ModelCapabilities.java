package dev.livebridge.message;

import java.util.List;

/**
 * The features of a model in live conversations, which the page offers in its settings.
 *
 * @param id without prefix
 * @param displayName for people
 * @param voices names of its prebuilt voices, in the order to offer them; empty when the voice can't be chosen
 * @param languages BCP 47 tags to choose from; empty when the model detects the language
 * @param thinkingLevels values of {@code thinkingConfig.thinkingLevel}; empty when it can't be set
 * @param textInput whether typed turns are answered
 * @param video whether pictures are understood
 * @param search whether it can search the web
 * @param history whether the model takes earlier turns at any time ({@code clientContent})
 */
public record ModelCapabilities(
        String id,
        String displayName,
        List<String> voices,
        List<String> languages,
        List<String> thinkingLevels,
        boolean textInput,
        boolean video,
        boolean search,
        boolean history) {

    public ModelCapabilities {
        voices = List.copyOf(voices);
        languages = List.copyOf(languages);
        thinkingLevels = List.copyOf(thinkingLevels);
    }
}
