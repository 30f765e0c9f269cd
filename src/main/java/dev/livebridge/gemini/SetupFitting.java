package dev.livebridge.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.gemini.LiveModel.Status;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.session.EndCause;
import dev.livebridge.session.Negotiated;
import dev.livebridge.session.RetryClass;
import dev.livebridge.session.UpstreamEnd;
import dev.livebridge.session.UpstreamRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Fits one client's setup to its model: what was right for an older model or another one is renamed, moved or left out,
 * and every change becomes a notice. What can't be meant any other way is left for Gemini to judge.
 *
 * <p>One instance fits one setup. Sources: gemini-live-api.md sections 4.1, 12 and 16.
 */
final class SetupFitting {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUDIO = "AUDIO";
    private static final String TEXT = "TEXT";

    /**
     * Fields that belong in {@code setup} and close the session when they stand in {@code generationConfig} (fact 18).
     */
    private static final List<String> MISPLACED = List.of("inputAudioTranscription", "outputAudioTranscription");

    /** Documented as unsupported in live conversations (section 4.1.1). */
    private static final List<String> UNSUPPORTED = List.of(
            "responseLogprobs",
            "responseMimeType",
            "logprobs",
            "responseSchema",
            "stopSequences",
            "routingConfig",
            "audioTimestamp");

    private final ModelCatalogue catalogue;
    private final String defaultModel;
    private final List<String> notices = new ArrayList<>();

    /**
     * A fitting.
     *
     * @param defaultModel for clients that name none, or a retired one
     */
    SetupFitting(ModelCatalogue catalogue, String defaultModel) {
        this.catalogue = catalogue;
        this.defaultModel = defaultModel;
    }

    /**
     * The result.
     *
     * @param model the model that will answer
     * @param negotiated what the client gets
     */
    record Fitted(LiveModel model, Negotiated negotiated) {}

    /**
     * Fits the setup.
     *
     * @param wish the client's setup
     * @param backend the backend's label
     * @throws UpstreamRefusedException with {@link EndCause#BAD_SETUP}, naming what can't be honoured
     */
    Fitted fit(ClientMessage.Setup wish, String backend) throws UpstreamRefusedException {
        ObjectNode setup = read(wish);
        LiveModel model = fitModel(setup);
        ObjectNode generation = object(setup, "generationConfig", "setup.generationConfig");
        moveMisplaced(setup, generation);
        UNSUPPORTED.forEach(field -> drop(generation, field, "is not supported in live conversations"));

        Set<String> wanted = modalities(generation, model);
        boolean wantsText = wanted.contains(TEXT);
        boolean wantsAudio = wanted.contains(AUDIO);
        boolean ownTranscription = setup.has("outputAudioTranscription");
        boolean transcriptAsText = wantsText && model.speaksOnly();
        fitModality(setup, generation, model, wantsText, wantsAudio);
        fitThinking(generation, model);
        fitSpeech(generation, model);
        fitProactivity(setup, generation, model);
        return new Fitted(
                model,
                new Negotiated(
                        backend,
                        model.id(),
                        setup.toString(),
                        wantsAudio,
                        transcriptAsText,
                        ownTranscription,
                        notices));
    }

    private static ObjectNode read(ClientMessage.Setup wish) throws UpstreamRefusedException {
        try {
            if (JSON.readTree(wish.json()) instanceof ObjectNode setup) {
                return setup;
            }
        } catch (JsonProcessingException broken) {
            // Falls through: dialects hand over what they have read as an object, so this is their defect.
        }
        throw refused("setup must be a JSON object.");
    }

    private LiveModel fitModel(ObjectNode setup) throws UpstreamRefusedException {
        JsonNode named = setup.get("model");
        String name = defaultModel;
        if (named != null && !named.isNull()) {
            if (!named.isTextual()) {
                throw refused("setup.model must be a string.");
            }
            if (named.textValue().isBlank()) {
                notices.add("setup.model was empty; " + defaultModel + " answers.");
            } else if (catalogue.isRetired(named.textValue())) {
                notices.add("The model " + named.textValue() + " is retired; " + defaultModel + " answers instead.");
            } else {
                name = named.textValue();
            }
        }
        if (!name.matches("(models/)?[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
            throw refused("setup.model is not a model's name.");
        }
        LiveModel model = catalogue.find(name);
        if (model.status() == Status.DEPRECATED) {
            notices.add("The model " + model.id() + " is deprecated; its successor is gemini-3.8-live.");
        }
        setup.put("model", "models/" + model.id());
        return model;
    }

    private void moveMisplaced(ObjectNode setup, ObjectNode generation) {
        for (String field : MISPLACED) {
            JsonNode value = generation.remove(field);
            if (value != null && !setup.has(field)) {
                setup.set(field, value);
                notices.add(field + " belongs in setup, not in generationConfig; it was moved.");
            }
        }
    }

    private static Set<String> modalities(ObjectNode generation, LiveModel model) throws UpstreamRefusedException {
        Set<String> wanted = new LinkedHashSet<>();
        JsonNode named = generation.get("responseModalities");
        if (named instanceof ArrayNode list) {
            for (JsonNode entry : list) {
                wanted.add(entry.asText().toUpperCase(Locale.ROOT));
            }
        } else if (named != null && named.isTextual()) {
            wanted.add(named.textValue().toUpperCase(Locale.ROOT));
        } else if (named != null && !named.isNull()) {
            throw refused("generationConfig.responseModalities must be a list of TEXT and AUDIO.");
        }
        wanted.remove("MODALITY_UNSPECIFIED");
        if (wanted.isEmpty()) {
            wanted.addAll(model.outputs());
        }
        for (String modality : wanted) {
            if (!modality.equals(TEXT) && !modality.equals(AUDIO)) {
                throw refused("generationConfig.responseModalities: only TEXT and AUDIO can be asked for.");
            }
        }
        return wanted;
    }

    private void fitModality(
            ObjectNode setup, ObjectNode generation, LiveModel model, boolean wantsText, boolean wantsAudio)
            throws UpstreamRefusedException {
        if (model.speaksOnly()) {
            generation.putArray("responseModalities").add(AUDIO);
            if (wantsText && !setup.has("outputAudioTranscription")) {
                setup.putObject("outputAudioTranscription");
            }
            if (wantsText && !wantsAudio) {
                notices.add("The model " + model.id() + " only speaks; the transcript of its speech is sent as text.");
            }
        } else if (wantsAudio && !model.outputs().contains(AUDIO)) {
            throw refused("The model " + model.id() + " answers in text only; ask for TEXT.");
        } else {
            generation.putArray("responseModalities").add(wantsAudio ? AUDIO : TEXT);
        }
    }

    private void fitThinking(ObjectNode generation, LiveModel model) {
        JsonNode thinking = generation.get("thinkingConfig");
        switch (model.thinking()) {
            case ANY -> {}
            case NONE -> drop(generation, "thinkingConfig", "is not taken by " + model.id());
            case BUDGET -> {
                if (thinking instanceof ObjectNode config) {
                    drop(config, "thinkingLevel", "is not taken by " + model.id() + ", which has a thinkingBudget");
                }
            }
            case LEVEL -> fitThinkingLevel(generation, model);
        }
    }

    private void fitThinkingLevel(ObjectNode generation, LiveModel model) {
        if (generation.get("thinkingConfig") instanceof ObjectNode config) {
            drop(config, "thinkingBudget", "is not taken by " + model.id() + ", which has a thinkingLevel");
            List<String> levels = model.thinkingLevels() == null ? List.of() : model.thinkingLevels();
            if (config.has("thinkingLevel")
                    && !levels.contains(config.get("thinkingLevel").asText().toUpperCase(Locale.ROOT))) {
                drop(config, "thinkingLevel", "of this value is not taken by " + model.id());
            }
        }
        if (model.defaultThinkingLevel() != null) {
            ObjectNode config = generation.get("thinkingConfig") instanceof ObjectNode given
                    ? given
                    : generation.putObject("thinkingConfig");
            if (!config.has("thinkingLevel")) {
                config.put("thinkingLevel", model.defaultThinkingLevel());
            }
        }
    }

    private void fitSpeech(ObjectNode generation, LiveModel model) throws UpstreamRefusedException {
        if (!(generation.get("speechConfig") instanceof ObjectNode speech)) {
            return;
        }
        if (!model.languageCode()) {
            drop(speech, "languageCode", "is not taken by " + model.id() + ", which hears the language itself");
        }
        if (speech.at("/voiceConfig/prebuiltVoiceConfig") instanceof ObjectNode prebuilt && prebuilt.has("voiceName")) {
            String asked = prebuilt.get("voiceName").asText();
            Optional<String> voice = catalogue.voice(asked);
            if (voice.isEmpty() && model.status() != Status.UNKNOWN) {
                throw refused("There is no voice of that name. Voices: " + String.join(", ", catalogue.voices()) + ".");
            }
            voice.ifPresent(name -> prebuilt.put("voiceName", name));
        }
    }

    private void fitProactivity(ObjectNode setup, ObjectNode generation, LiveModel model) {
        if (!model.affectiveDialog()) {
            drop(generation, "enableAffectiveDialog", "is not taken by " + model.id());
        }
        switch (model.proactiveAudio()) {
            case OPTIONAL -> {}
            case NEVER -> drop(setup, "proactivity", "is not taken by " + model.id());
            case ALWAYS -> {
                if (setup.get("proactivity") instanceof ObjectNode proactivity
                        && !proactivity.path("proactiveAudio").asBoolean(true)) {
                    drop(setup, "proactivity", "can't be switched off for " + model.id());
                }
            }
        }
    }

    private void drop(ObjectNode parent, String field, String why) {
        if (parent.remove(field) != null) {
            notices.add(field + " " + why + "; it was left out.");
        }
    }

    private static ObjectNode object(ObjectNode parent, String field, String path) throws UpstreamRefusedException {
        JsonNode value = parent.get(field);
        if (value == null || value.isNull()) {
            return parent.putObject(field);
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw refused(path + " must be a JSON object.");
    }

    private static UpstreamRefusedException refused(String message) {
        return new UpstreamRefusedException(new UpstreamEnd(1007, EndCause.BAD_SETUP, RetryClass.NEVER, message));
    }
}
