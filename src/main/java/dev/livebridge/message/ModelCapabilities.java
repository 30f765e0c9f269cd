package dev.livebridge.message;

import java.util.List;

/**
 * What a model can be asked for in a live conversation; what the page offers in its settings.
 *
 * @param id without prefix
 * @param displayName for people
 * @param voices names of its prebuilt voices, in the order to offer them; empty when the voice can't be chosen
 * @param languages BCP 47 tags that can be asked for; empty when the model finds the language by itself
 * @param thinkingLevels values of {@code thinkingConfig.thinkingLevel}; empty when it can't be set
 * @param textInput whether typed turns are answered
 * @param video whether pictures are understood
 * @param search whether it can search the web
 * @param history whether earlier turns can be told to a new conversation at any time ({@code clientContent})
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
