package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the service refuses in a setup, model by model (gemini-live-api.md sections 4.1, 11 and 12). */
final class SetupRules {

    private static final int MAX_FUNCTIONS = 512;
    private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,127}");
    private static final Set<String> TOOLS_NOT_LIVE = Set.of(
            "codeExecution",
            "urlContext",
            "googleMaps",
            "fileSearch",
            "computerUse",
            "mcpServers",
            "googleSearchRetrieval");
    private static final Set<String> THINKING_LEVELS = Set.of("LOW", "MEDIUM", "HIGH");

    /** gemini-live-api.md section 12.3. */
    private static final Set<String> VOICES = Set.of(
            "Zephyr",
            "Puck",
            "Charon",
            "Kore",
            "Fenrir",
            "Leda",
            "Orus",
            "Aoede",
            "Callirrhoe",
            "Autonoe",
            "Enceladus",
            "Iapetus",
            "Umbriel",
            "Algieba",
            "Despina",
            "Erinome",
            "Algenib",
            "Rasalgethi",
            "Laomedeia",
            "Achernar",
            "Alnilam",
            "Schedar",
            "Gacrux",
            "Pulcherrima",
            "Achird",
            "Zubenelgenubi",
            "Vindemiatrix",
            "Sadachbia",
            "Sadaltager",
            "Sulafat");

    private final LivePath path;

    SetupRules(LivePath path) {
        this.path = path;
    }

    /**
     * The model of a setup that may be used.
     *
     * @throws RefusedException with the service's code and text
     */
    Model check(JsonNode setup) {
        String name = setup.path("model").asText();
        Model model = Model.named(name).orElseThrow(() -> notFound(name));
        JsonNode generation = setup.path("generationConfig");
        checkModalities(model, generation.path("responseModalities"));
        checkThinking(model.family(), generation);
        checkOptions(model.family(), setup, generation);
        checkVoice(generation.path("speechConfig"));
        checkTools(model.family(), setup.path("tools"), "setup.tools");
        return model;
    }

    /**
     * Checks an update of the context by the rules of the setup.
     *
     * @throws RefusedException with the service's code and text
     */
    static void checkUpdate(ModelFamily family, JsonNode update) {
        checkInstruction(update.path("systemInstruction"));
        checkTools(family, update.path("tools").path("tools"), "context_update.tools.tools");
    }

    /** Whether a setup is neither confirmed nor refused (gemini-live-api.md section 20 row 18). */
    static boolean swallows(Model model, JsonNode setup) {
        return model.family() == ModelFamily.FLASH_3_1
                && (setup.has("proactivity")
                        || setup.at("/generationConfig/enableAffectiveDialog").asBoolean());
    }

    private RefusedException notFound(String name) {
        String full = name.startsWith("models/") ? name : "models/" + name;
        return new RefusedException(
                1008,
                full + " is not found for API version " + path.version()
                        + ", or is not supported for bidiGenerateContent. Call ListModels to see the list of available"
                        + " models and their supported methods.");
    }

    private static void checkModalities(Model model, JsonNode modalities) {
        if (modalities.isEmpty()) {
            return;
        }
        List<String> asked = new ArrayList<>();
        modalities.forEach(modality -> asked.add(modality.asText()));
        String accepted = model.family().answersInText() ? "TEXT" : "AUDIO";
        if (asked.equals(List.of(accepted))) {
            return;
        }
        if (model.family() == ModelFamily.NATIVE_2_5 && asked.equals(List.of("TEXT"))) {
            throw RefusedException.invalid("Cannot extract voices from a non-audio request.");
        }
        throw RefusedException.invalid("The requested combination of response modalities (" + String.join(", ", asked)
                + ") is not supported by the model. " + model.name()
                + " accepts the following combination of response modalities: * " + accepted);
    }

    private static void checkThinking(ModelFamily family, JsonNode generation) {
        JsonNode thinking = generation.path("thinkingConfig");
        boolean good = switch (family) {
            case NATIVE_2_5 -> !thinking.has("thinkingLevel");
            case FLASH_3_1, ROBOTICS -> !thinking.has("thinkingBudget");
            case LIVE_3_8, TRANSLATE, TRANSCRIBE -> thinking.isMissingNode();
            case THINKING_3_8 ->
                THINKING_LEVELS.contains(thinking.path("thinkingLevel").asText()) && !thinking.has("thinkingBudget");
        };
        if (!good) {
            throw RefusedException.invalidArgument();
        }
    }

    private void checkOptions(ModelFamily family, JsonNode setup, JsonNode generation) {
        JsonNode proactivity = setup.path("proactivity");
        boolean alpha = path.version().equals("v1alpha");
        boolean proactivityGood = switch (family) {
            case NATIVE_2_5 -> alpha || proactivity.isMissingNode();
            case LIVE_3_8, THINKING_3_8 -> proactivity.path("proactiveAudio").asBoolean(true);
            case FLASH_3_1 -> true;
            case TRANSLATE, TRANSCRIBE, ROBOTICS -> proactivity.isMissingNode();
        };
        boolean affectiveGood = !generation.path("enableAffectiveDialog").asBoolean()
                || family == ModelFamily.FLASH_3_1
                || (family == ModelFamily.NATIVE_2_5 && alpha);
        boolean translationGood = !generation.has("translationConfig") || family == ModelFamily.TRANSLATE;
        // These exist on Vertex AI only.
        boolean otherService = setup.path("explicitVadSignal").asBoolean()
                || setup.has("avatarConfig")
                || setup.path("sessionResumption").path("transparent").asBoolean();
        if (!proactivityGood || !affectiveGood || !translationGood || otherService) {
            throw RefusedException.invalidArgument();
        }
        checkInstruction(setup.path("systemInstruction"));
    }

    private static void checkInstruction(JsonNode instruction) {
        for (JsonNode part : instruction.path("parts")) {
            if (!part.has("text")) {
                throw RefusedException.invalidArgument();
            }
        }
    }

    private static void checkVoice(JsonNode speech) {
        JsonNode voice = speech.path("voiceConfig").path("prebuiltVoiceConfig").path("voiceName");
        if (speech.has("multiSpeakerVoiceConfig") || (voice.isTextual() && !VOICES.contains(voice.asText()))) {
            throw RefusedException.invalidArgument();
        }
    }

    private static void checkTools(ModelFamily family, JsonNode tools, String place) {
        int functions = 0;
        for (int t = 0; t < tools.size(); t++) {
            JsonNode tool = tools.get(t);
            if (TOOLS_NOT_LIVE.stream().anyMatch(tool::has)) {
                throw RefusedException.invalidArgument();
            }
            JsonNode declarations = tool.path("functionDeclarations");
            functions += declarations.size();
            for (int f = 0; f < declarations.size(); f++) {
                checkFunction(family, declarations.get(f), place + "[" + t + "].function_declarations[" + f + "]");
            }
        }
        if (functions > MAX_FUNCTIONS) {
            throw RefusedException.invalidArgument();
        }
    }

    private static void checkFunction(ModelFamily family, JsonNode declaration, String place) {
        if (!FUNCTION_NAME.matcher(declaration.path("name").asText()).matches()) {
            throw RefusedException.invalid("* BidiGenerateContentRequest." + place
                    + ".name: Invalid function name. Must start with a letter or an underscore.");
        }
        if (declaration.has("parameters") && declaration.has("parametersJsonSchema")) {
            throw RefusedException.invalidArgument();
        }
        String behavior = declaration.path("behavior").asText();
        if ((behavior.equals("NON_BLOCKING") && family == ModelFamily.FLASH_3_1)
                || (behavior.equals("BLOCKING") && family == ModelFamily.THINKING_3_8)) {
            throw RefusedException.invalidArgument();
        }
        checkSchema(declaration.path("parameters"), place + ".parameters");
        checkSchema(declaration.path("response"), place + ".response");
    }

    private static void checkSchema(JsonNode schema, String place) {
        if (schema.has("enum") && !schema.path("type").asText().equals("STRING")) {
            throw RefusedException.invalid(
                    "* BidiGenerateContentRequest." + place + ".enum: only allowed for STRING type");
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            checkSchema(property.getValue(), place + ".properties[" + property.getKey() + "]");
        }
        if (schema.has("items")) {
            checkSchema(schema.path("items"), place + ".items");
        }
    }
}
