package dev.livebridge.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.InstructionPolicy;
import dev.livebridge.config.LivebridgeConfig.ThinkingLevel;
import dev.livebridge.config.LivebridgeConfig.UnknownModels;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operator's rules, {@code livebridge.policy.*}, checked at start. */
@Singleton
@Startup
public final class ClientPolicy {

    private static final String PREFIX = "models/";

    private final LivebridgeConfig.Policy config;
    private final @Nullable Set<String> models;
    private final String configuredModel;
    private final Set<String> tools;
    private final Map<String, String> labels;
    private final SetupLimits limits;

    /**
     * Reads the rules.
     *
     * @throws ConfigurationException with one sentence that says what to set
     */
    @Inject
    public ClientPolicy(LivebridgeConfig config) {
        this.config = config.policy();
        this.configuredModel = bare(config.gemini().model());
        this.models = this.config.models().map(ClientPolicy::names).orElse(null);
        this.tools = tools(this.config.tools());
        this.labels = Labels.read(this.config.labels().orElse(List.of()));
        this.limits = new SetupLimits(this);
        if (this.config.systemInstruction() == InstructionPolicy.PREFIX
                && this.config.systemInstructionText().isEmpty()) {
            throw new ConfigurationException(
                    "livebridge.policy.system-instruction=prefix needs livebridge.policy.system-instruction-text.");
        }
        if (this.config.systemInstruction() == InstructionPolicy.FREE
                && this.config.systemInstructionText().isPresent()) {
            throw new ConfigurationException("livebridge.policy.system-instruction-text has no effect with"
                    + " livebridge.policy.system-instruction=free; set it to prefix or fixed.");
        }
        positive("system-instruction-max-characters", this.config.systemInstructionMaxCharacters());
        this.config.maxOutputTokens().ifPresent(tokens -> positive("max-output-tokens", tokens));
        this.config
                .maxThinkingBudget()
                .filter(tokens -> tokens != 0)
                .ifPresent(tokens -> positive("max-thinking-budget", tokens));
    }

    private static Set<String> names(List<String> models) {
        Set<String> names = new TreeSet<>();
        models.forEach(model -> names.add(bare(model.strip())));
        return names;
    }

    private static Set<String> tools(List<String> configured) {
        Set<String> tools = new TreeSet<>();
        for (String tool : configured) {
            String kind = tool.strip();
            if (!SetupTable.TOOL_KINDS.contains(kind)) {
                throw new ConfigurationException("livebridge.policy.tools: " + Rebuild.quoted(kind)
                        + " is not a kind of tool; the kinds are " + String.join(", ", SetupTable.TOOL_KINDS) + ".");
            }
            tools.add(kind);
        }
        return tools;
    }

    private static void positive(String setting, int value) {
        if (value < 1) {
            throw new ConfigurationException("livebridge.policy." + setting + " must be 1 or more.");
        }
    }

    /** The decision about a client's choice of model. */
    public enum ModelChoice {
        /** The chosen model is used. */
        TAKE,
        /** The configured model is used instead. */
        MAP,
        /** The setup is refused. */
        REFUSE
    }

    /**
     * Decides about a model that a client chooses.
     *
     * @param id without {@code models/}
     * @param known whether the catalogue has it
     */
    public ModelChoice choose(String id, boolean known) {
        if (id.equals(configuredModel) || (models == null ? known : models.contains(id))) {
            return ModelChoice.TAKE;
        }
        return switch (config.unknownModels()) {
            case REFUSE -> ModelChoice.REFUSE;
            case MAP -> ModelChoice.MAP;
            case PASS -> known ? ModelChoice.REFUSE : ModelChoice.TAKE;
        };
    }

    private static String bare(String model) {
        return model.startsWith(PREFIX) ? model.substring(PREFIX.length()) : model;
    }

    /**
     * Rebuilds a setup from its allowed members.
     *
     * @param setup the client's setup, fitted to its model
     * @param notices receives a sentence for each member that is left out or changed
     * @return a new object
     * @throws NotAllowedException if a member has the wrong type, or leaving it out would change the meaning
     */
    public ObjectNode rebuild(ObjectNode setup, Consumer<String> notices) throws NotAllowedException {
        ObjectNode rebuilt = new Rebuild(this, notices).message(setup, SetupTable.SETUP, "setup");
        limits.apply(rebuilt, notices);
        return rebuilt;
    }

    /**
     * Rebuilds an update of the context by the same rules.
     *
     * @param update has {@code systemInstruction} and {@code tools}, each optional, as in a setup
     * @param notices receives a sentence for each member that is left out or changed
     * @return a new object with the allowed members
     * @throws NotAllowedException as for a setup
     */
    public ObjectNode rebuildUpdate(ObjectNode update, Consumer<String> notices) throws NotAllowedException {
        ObjectNode rebuilt = new Rebuild(this, notices).message(update, SetupTable.SETUP, "contextUpdate");
        limits.applyToUpdate(rebuilt, notices);
        return rebuilt;
    }

    /** Whether {@code fileData} is passed on, in any message. */
    public boolean fileUris() {
        return config.fileUris();
    }

    /** Whether members that this version does not know are passed on. */
    public boolean unknownMembers() {
        return config.unknownMembers();
    }

    /** Whether a turn may have the role {@code system}, which replaces the system instruction on some backends. */
    public boolean systemTurns() {
        return config.systemInstruction() == InstructionPolicy.FREE;
    }

    Set<String> tools() {
        return tools;
    }

    boolean customVoices() {
        return config.customVoices();
    }

    boolean proactiveVideo() {
        return config.proactiveVideo();
    }

    boolean safetySettings() {
        return config.safetySettings();
    }

    Map<String, String> labels() {
        return labels;
    }

    InstructionPolicy instruction() {
        return config.systemInstruction();
    }

    @Nullable
    String instructionText() {
        return config.systemInstructionText().orElse(null);
    }

    int maxInstructionCharacters() {
        return config.systemInstructionMaxCharacters();
    }

    @Nullable
    Integer maxOutputTokens() {
        return config.maxOutputTokens().orElse(null);
    }

    @Nullable
    Integer maxThinkingBudget() {
        return config.maxThinkingBudget().orElse(null);
    }

    @Nullable
    ThinkingLevel maxThinkingLevel() {
        return config.maxThinkingLevel().orElse(null);
    }

    UnknownModels unknownModels() {
        return config.unknownModels();
    }
}
