package dev.livebridge.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.LivebridgeConfig.InstructionPolicy;
import dev.livebridge.config.LivebridgeConfig.ThinkingLevel;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rules for values: instruction, output tokens, thinking, safety settings, labels. */
final class SetupLimits {

    private static final String INSTRUCTION = "systemInstruction";
    private static final String SETTINGS = "safetySettings";

    /** Thresholds at least as strict as Gemini's published default; other thresholds need a permission. */
    private static final Set<String> STRICT = Set.of("BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE");

    private final ClientPolicy policy;

    SetupLimits(ClientPolicy policy) {
        this.policy = policy;
    }

    /** Applies all rules to a rebuilt setup. */
    void apply(ObjectNode setup, Consumer<String> notices) throws NotAllowedException {
        applyInstruction(setup, true, notices);
        dropEmptyTools(setup);
        limitOutput(setup, notices);
        limitThinking(setup, notices);
        limitSafety(setup, notices);
        addLabels(setup);
    }

    /** Applies the rules that concern an update of the context. */
    void applyToUpdate(ObjectNode update, Consumer<String> notices) throws NotAllowedException {
        applyInstruction(update, false, notices);
    }

    private void applyInstruction(ObjectNode object, boolean isSetup, Consumer<String> notices)
            throws NotAllowedException {
        if (object.get(INSTRUCTION) instanceof ObjectNode instruction) {
            int characters = 0;
            for (JsonNode part : instruction.path("parts")) {
                characters += part.path("text").asText().length();
            }
            if (policy.instruction() != InstructionPolicy.FIXED && characters > policy.maxInstructionCharacters()) {
                throw new NotAllowedException(INSTRUCTION + " has " + characters + " characters; "
                        + policy.maxInstructionCharacters() + " are allowed"
                        + " (livebridge.policy.system-instruction-max-characters).");
            }
        }
        String text = policy.instructionText();
        switch (policy.instruction()) {
            case FREE -> {}
            case FIXED -> {
                if (object.remove(INSTRUCTION) != null) {
                    notices.accept(INSTRUCTION + " is set by the operator; the client's value was left out.");
                }
                if (isSetup && text != null) {
                    object.putObject(INSTRUCTION).putArray("parts").addObject().put("text", text);
                }
            }
            case PREFIX -> {
                if (isSetup || object.has(INSTRUCTION)) {
                    ObjectNode instruction = object.withObjectProperty(INSTRUCTION);
                    ArrayNode parts = instruction.arrayNode();
                    parts.addObject().put("text", Objects.requireNonNull(text));
                    instruction.path("parts").forEach(parts::add);
                    instruction.set("parts", parts);
                }
            }
        }
    }

    private static void dropEmptyTools(ObjectNode setup) {
        if (setup.path("tools").isArray() && setup.path("tools").isEmpty()) {
            setup.remove("tools");
        }
    }

    private void limitOutput(ObjectNode setup, Consumer<String> notices) {
        if (setup.path("generationConfig") instanceof ObjectNode generation) {
            BigDecimal candidates = number(generation.get("candidateCount"));
            if (candidates != null && candidates.compareTo(BigDecimal.ONE) > 0) {
                generation.remove("candidateCount");
                notices.accept("candidateCount must be 1 in a live conversation; it was left out.");
            }
        }
        Integer limit = policy.maxOutputTokens();
        if (limit != null) {
            cap(setup.withObjectProperty("generationConfig"), "maxOutputTokens", limit, "max-output-tokens", notices);
        }
    }

    private void limitThinking(ObjectNode setup, Consumer<String> notices) {
        if (!(setup.at("/generationConfig/thinkingConfig") instanceof ObjectNode thinking)) {
            return;
        }
        Integer budget = policy.maxThinkingBudget();
        if (budget != null && thinking.has("thinkingBudget")) {
            cap(thinking, "thinkingBudget", budget, "max-thinking-budget", notices);
        }
        ThinkingLevel limit = policy.maxThinkingLevel();
        if (limit != null && thinking.has("thinkingLevel")) {
            ThinkingLevel requested = level(thinking.get("thinkingLevel"));
            if (requested == null || requested.compareTo(limit) > 0) {
                thinking.put("thinkingLevel", limit.name());
                notices.accept(
                        "thinkingLevel was lowered to " + limit.name() + " (livebridge.policy.max-thinking-level).");
            }
        }
    }

    /** Lowers a member to the limit. A negative amount means that the model decides; it counts as above every limit. */
    private static void cap(ObjectNode parent, String field, int limit, String setting, Consumer<String> notices) {
        BigDecimal requested = number(parent.get(field));
        if (requested != null && requested.signum() >= 0 && requested.compareTo(BigDecimal.valueOf(limit)) <= 0) {
            return;
        }
        parent.put(field, limit);
        if (requested != null) {
            notices.accept(field + " was lowered to " + limit + " (livebridge.policy." + setting + ").");
        }
    }

    private static @Nullable BigDecimal number(@Nullable JsonNode value) {
        return value == null ? null : Rebuild.number(value);
    }

    private static @Nullable ThinkingLevel level(JsonNode value) {
        String name = value.asText().toUpperCase(Locale.ROOT);
        return Arrays.stream(ThinkingLevel.values())
                .filter(level -> level.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void limitSafety(ObjectNode setup, Consumer<String> notices) {
        if (policy.safetySettings() || !(setup.get(SETTINGS) instanceof ArrayNode settings)) {
            return;
        }
        int before = settings.size();
        settings.removeIf(setting -> !STRICT.contains(setting.path("threshold").asText()));
        if (settings.size() < before) {
            notices.accept(SETTINGS + " that block less than BLOCK_MEDIUM_AND_ABOVE are not allowed here"
                    + " (livebridge.policy.safety-settings); they were left out.");
        }
        if (settings.isEmpty()) {
            setup.remove(SETTINGS);
        }
    }

    private void addLabels(ObjectNode setup) {
        if (!policy.labels().isEmpty()) {
            ObjectNode labels = setup.withObjectProperty("labels");
            policy.labels().forEach(labels::put);
        }
    }
}
