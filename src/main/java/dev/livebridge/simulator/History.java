package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The context of a session: the user's text, the newest picture, and the token counts. */
final class History {

    private static final Pattern NAME = Pattern.compile(
            "\\b(?:my name(?:'s| is)|ich hei(?:ß|ss)e|mein name ist)\\s+(\\p{L}{1,30})", Pattern.CASE_INSENSITIVE);
    private static final int AUDIO_TOKENS_PER_SECOND = 25;
    private static final Pattern ROLE =
            Pattern.compile("\\bYou are (?:the |an? )([\\p{L} -]{1,40}?)(?= of | who | that |[.,;:\n])");
    private static final int TOKENS_PER_PICTURE = 258;
    private static final int CHARACTERS_PER_TOKEN = 4;

    /** The modality of a token. */
    enum Modality {
        TEXT,
        AUDIO,
        IMAGE
    }

    private final List<String> userTexts = new ArrayList<>();
    private final List<String> prefilled = new ArrayList<>();
    private final Map<String, Integer> turns = new HashMap<>();
    private final Map<Modality, Integer> tokens = new EnumMap<>(Modality.class);
    private int instructionTokens;
    private String instruction = "";
    private @Nullable Picture picture;

    History copy() {
        History copy = new History();
        copy.userTexts.addAll(userTexts);
        copy.prefilled.addAll(prefilled);
        copy.tokens.putAll(tokens);
        copy.turns.putAll(turns);
        copy.picture = picture;
        return copy;
    }

    /** The same without the texts that asked for no answer. */
    History withoutPrefill() {
        History copy = copy();
        prefilled.forEach(copy.userTexts::remove);
        copy.prefilled.clear();
        return copy;
    }

    /** A text of the user that asks for no answer. */
    void addPrefilledUserText(String text) {
        prefilled.add(text);
        addUserText(text);
    }

    /** The system instruction, in place of an earlier one. */
    void instruct(String newest) {
        instruction = newest;
        instructionTokens = textTokens(newest);
    }

    /** What the instruction makes the model, as in "You are a patient tutor."; a few words. */
    Optional<String> role() {
        Matcher matcher = ROLE.matcher(instruction);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    void addUserText(String text) {
        userTexts.add(text);
        addText(text);
    }

    /** Text that costs tokens but is not the user's. */
    void addText(String text) {
        count(Modality.TEXT, textTokens(text));
    }

    void addAudio(long ms) {
        count(Modality.AUDIO, audioTokens(ms));
    }

    void addPicture(Picture newest) {
        picture = newest;
        count(Modality.IMAGE, TOKENS_PER_PICTURE);
    }

    Optional<Picture> picture() {
        return Optional.ofNullable(picture);
    }

    /** How often something was said before in this conversation, and counts it. */
    int nextTurnOf(String kind) {
        return turns.merge(kind, 1, Integer::sum) - 1;
    }

    /** What the user last typed, blank lines left out. */
    String lastUserText() {
        return userTexts.reversed().stream()
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    /** The name that the user gave, if any. */
    Optional<String> userName() {
        for (String text : userTexts.reversed()) {
            Matcher matcher = NAME.matcher(text);
            if (matcher.find()) {
                return Optional.of(matcher.group(1));
            }
        }
        return Optional.empty();
    }

    /** {@code usageMetadata} of a turn: the prompt is everything so far, again (gemini-live-api.md section 5.7). */
    ObjectNode usage(long spokenMs, String thought) {
        Map<Modality, Integer> asked = new EnumMap<>(Modality.class);
        asked.putAll(tokens);
        asked.merge(Modality.TEXT, instructionTokens, Integer::sum);
        int prompt = asked.values().stream().mapToInt(Integer::intValue).sum();
        int response = audioTokens(spokenMs);
        int thoughts = textTokens(thought);
        ObjectNode usage = Wire.object();
        putPositive(usage, "promptTokenCount", prompt);
        putPositive(usage, "responseTokenCount", response);
        putPositive(usage, "thoughtsTokenCount", thoughts);
        putPositive(usage, "totalTokenCount", prompt + response + thoughts);
        asked.forEach((modality, count) -> addDetail(usage, "promptTokensDetails", modality, count));
        addDetail(usage, "responseTokensDetails", Modality.AUDIO, response);
        return usage;
    }

    private static int textTokens(String text) {
        return (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static int audioTokens(long ms) {
        return Math.toIntExact((ms * AUDIO_TOKENS_PER_SECOND + 999) / 1000);
    }

    private void count(Modality modality, int more) {
        tokens.merge(modality, more, Integer::sum);
    }

    private static void putPositive(ObjectNode usage, String field, int count) {
        if (count > 0) {
            usage.put(field, count);
        }
    }

    private static void addDetail(ObjectNode usage, String field, Modality modality, int count) {
        if (count > 0) {
            ArrayNode details = usage.withArray(field);
            details.addObject().put("modality", modality.name()).put("tokenCount", count);
        }
    }
}
