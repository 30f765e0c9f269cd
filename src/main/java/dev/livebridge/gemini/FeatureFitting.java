package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.gemini.LiveModel.Feature;
import dev.livebridge.gemini.LiveModel.Status;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Fits the features in which models differ: thinking, voice, language, proactivity, turn coverage (gemini-live-api.md
 * 12.2).
 */
final class FeatureFitting {

    private static final String ALPHA_VERSION = "v1alpha";

    private final ModelCatalogue catalogue;
    private final String apiVersion;
    private final SetupEdits edits;

    FeatureFitting(ModelCatalogue catalogue, String apiVersion, SetupEdits edits) {
        this.catalogue = catalogue;
        this.apiVersion = apiVersion;
        this.edits = edits;
    }

    /**
     * Fits the setup in place.
     *
     * @throws UpstreamRefusedException when the client asks for a voice that does not exist
     */
    void fit(ObjectNode setup, ObjectNode generation, LiveModel model) throws UpstreamRefusedException {
        fitThinking(generation, model);
        fitSpeech(generation, model);
        fitFeature(generation, "enableAffectiveDialog", model.affectiveDialog(), model);
        fitProactivity(setup, model);
        fitTurnCoverage(setup, model);
    }

    private void fitThinking(ObjectNode generation, LiveModel model) {
        switch (model.thinking()) {
            case UNKNOWN -> {}
            case NONE -> edits.drop(generation, "thinkingConfig", "is not taken by " + model.id());
            case BUDGET -> {
                if (generation.get("thinkingConfig") instanceof ObjectNode thinking) {
                    edits.drop(
                            thinking,
                            "thinkingLevel",
                            "is not taken by " + model.id() + ", which has a thinkingBudget");
                }
            }
            case LEVEL -> fitThinkingLevel(generation, model);
        }
    }

    private void fitThinkingLevel(ObjectNode generation, LiveModel model) {
        String required = model.requiredThinkingLevel();
        if (generation.get("thinkingConfig") instanceof ObjectNode thinking) {
            edits.drop(thinking, "thinkingBudget", "is not taken by " + model.id() + ", which has a thinkingLevel");
            if (thinking.has("thinkingLevel")) {
                String level = thinking.get("thinkingLevel").asText().toUpperCase(Locale.ROOT);
                List<String> levels = Objects.requireNonNullElse(model.thinkingLevels(), List.of());
                if (levels.contains(level)) {
                    thinking.put("thinkingLevel", level);
                    return;
                }
                edits.drop(
                        thinking,
                        "thinkingLevel",
                        SetupEdits.quote(level) + " is not taken by " + model.id() + ", which has "
                                + String.join(", ", levels));
            }
        }
        if (required != null) {
            ObjectNode thinking = generation.get("thinkingConfig") instanceof ObjectNode given
                    ? given
                    : generation.putObject("thinkingConfig");
            thinking.put("thinkingLevel", required);
            edits.notice("The model " + model.id() + " wants a thinkingLevel; " + required + " was set.");
        }
    }

    private void fitSpeech(ObjectNode generation, LiveModel model) throws UpstreamRefusedException {
        if (!(generation.get("speechConfig") instanceof ObjectNode speech)) {
            return;
        }
        fitFeature(speech, "languageCode", model.languageCode(), model);
        if (speech.at("/voiceConfig/prebuiltVoiceConfig") instanceof ObjectNode prebuilt && prebuilt.has("voiceName")) {
            String asked = prebuilt.get("voiceName").asText();
            Optional<String> voice = catalogue.voice(asked);
            if (voice.isEmpty() && model.status() != Status.UNKNOWN) {
                throw SetupEdits.refused("There is no voice " + SetupEdits.quote(asked) + ". The voices are "
                        + String.join(", ", catalogue.voices()) + ".");
            }
            voice.ifPresent(name -> prebuilt.put("voiceName", name));
        }
    }

    private void fitProactivity(ObjectNode setup, LiveModel model) {
        if (model.proactiveAudio() != Feature.ALWAYS) {
            fitFeature(setup, "proactivity", model.proactiveAudio(), model);
        } else if (setup.get("proactivity") instanceof ObjectNode proactivity
                && !proactivity.path("proactiveAudio").asBoolean(true)) {
            edits.drop(setup, "proactivity", "can't be switched off for " + model.id());
        }
    }

    private void fitFeature(ObjectNode parent, String field, Feature feature, LiveModel model) {
        switch (feature) {
            case UNKNOWN, ALWAYS -> {}
            case NEVER -> edits.drop(parent, field, "is not taken by " + model.id());
            case ALPHA -> {
                if (!apiVersion.equals(ALPHA_VERSION)) {
                    edits.drop(
                            parent,
                            field,
                            "is taken by " + model.id() + " on " + ALPHA_VERSION
                                    + " only (livebridge.gemini.api-version)");
                }
            }
        }
    }

    private void fitTurnCoverage(ObjectNode setup, LiveModel model) {
        String coverage = model.manualTurnCoverage();
        if (coverage != null
                && setup.get("realtimeInputConfig") instanceof ObjectNode input
                && input.at("/automaticActivityDetection/disabled").asBoolean()
                && !input.hasNonNull("turnCoverage")) {
            input.put("turnCoverage", coverage);
            edits.notice("The client marks its turns itself; turnCoverage " + coverage + " was set so that "
                    + model.id() + " hears them.");
        }
    }
}
