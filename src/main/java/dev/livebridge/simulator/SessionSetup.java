package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A valid setup.
 *
 * @param instruction paragraphs of the system instruction
 * @param inputTranscription whether the user's speech is to be written down
 * @param outputTranscription whether the model's speech is to be written down
 * @param manualActivity whether the client says when the user speaks
 * @param interruptible whether activity cuts a running answer
 * @param historyFirst whether the first {@code clientContent} messages only bring earlier turns
 * @param thoughts whether summaries of thoughts are asked for
 * @param german whether the model is to speak German
 * @param search whether the model may search the web
 * @param functions declared functions by name, in their order
 * @param resumption whether handles are asked for
 * @param handle of an earlier session, or null
 */
record SessionSetup(
        Model model,
        String instruction,
        boolean inputTranscription,
        boolean outputTranscription,
        boolean manualActivity,
        VoiceSettings voice,
        boolean interruptible,
        boolean historyFirst,
        boolean thoughts,
        boolean german,
        boolean search,
        Map<String, DeclaredFunction> functions,
        boolean resumption,
        @Nullable String handle) {

    /** The instruction that turns a session into an echo of its audio, for load and checksum tests. */
    static final String ECHO_INSTRUCTION = "livebridge-simulator: echo";

    /** Reads a setup that {@link SetupRules} let pass. */
    static SessionSetup of(JsonNode setup, Model model) {
        JsonNode generation = setup.path("generationConfig");
        JsonNode input = setup.path("realtimeInputConfig");
        JsonNode detection = input.path("automaticActivityDetection");
        String handle = setup.path("sessionResumption").path("handle").asText();
        return new SessionSetup(
                model,
                instruction(setup.path("systemInstruction")),
                setup.has("inputAudioTranscription") || model.family() == ModelFamily.TRANSCRIBE,
                setup.has("outputAudioTranscription"),
                detection.path("disabled").asBoolean(),
                VoiceSettings.of(detection),
                !input.path("activityHandling").asText().equals("NO_INTERRUPTION"),
                setup.path("historyConfig")
                        .path("initialHistoryInClientContent")
                        .asBoolean(),
                generation.path("thinkingConfig").path("includeThoughts").asBoolean(),
                german(generation.path("speechConfig").path("languageCode").asText()),
                searches(setup.path("tools")),
                functions(setup.path("tools"), model.family()),
                setup.has("sessionResumption"),
                handle.isEmpty() ? null : handle);
    }

    /**
     * The same with what an update of the context sets.
     *
     * @param update a {@code contextUpdate} that {@link SetupRules} let pass
     */
    SessionSetup with(JsonNode update) {
        JsonNode tools = update.path("tools").path("tools");
        boolean swapsTools = update.has("tools");
        return new SessionSetup(
                model,
                update.has("systemInstruction") ? instruction(update.path("systemInstruction")) : instruction,
                inputTranscription,
                outputTranscription,
                manualActivity,
                voice,
                interruptible,
                historyFirst,
                thoughts,
                german,
                swapsTools ? searches(tools) : search,
                swapsTools ? functions(tools, model.family()) : functions,
                resumption,
                handle);
    }

    boolean echo() {
        return instruction.equals(ECHO_INSTRUCTION);
    }

    private static boolean german(String languageCode) {
        return languageCode.equals("de") || languageCode.startsWith("de-");
    }

    private static String instruction(JsonNode content) {
        List<String> paragraphs = new ArrayList<>();
        content.path("parts").forEach(part -> paragraphs.add(part.path("text").asText()));
        return String.join("\n", paragraphs);
    }

    private static boolean searches(JsonNode tools) {
        for (JsonNode tool : tools) {
            if (tool.has("googleSearch")) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, DeclaredFunction> functions(JsonNode tools, ModelFamily family) {
        Map<String, DeclaredFunction> functions = new LinkedHashMap<>();
        for (JsonNode tool : tools) {
            for (JsonNode declaration : tool.path("functionDeclarations")) {
                DeclaredFunction function = DeclaredFunction.of(declaration, family);
                functions.put(function.name(), function);
            }
        }
        return functions;
    }
}
