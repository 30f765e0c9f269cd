package dev.livebridge.agents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.access.rules.YamlMapping;
import dev.livebridge.agents.AgentTemplate.InvalidTemplateException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.policy.OperatorSetup;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads {@code agents.yaml}. Members that it does not know, and values that are not valid, are faults with their line.
 */
final class AgentsReader {

    static final String NAME = "[a-z0-9][a-z0-9-]{0,39}";

    /** Of an agent's part of a setup; a sealed token must have room for it. */
    static final int MAX_SETUP_BYTES = 16 * 1024;

    private static final int MAX_AGENTS = 200;
    private static final int MAX_TITLE = 100;
    private static final int VERSION_BYTES = 6;
    private static final String MODEL = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final BigDecimal MICRO = BigDecimal.valueOf(1_000_000);
    private static final List<String> PARTS =
            Arrays.stream(AgentPart.values()).map(AgentPart::label).toList();

    private AgentsReader() {}

    /**
     * Reads a file's content.
     *
     * @return the agents in their order, by name
     * @throws InvalidRulesException with the line of the first fault
     */
    static Map<String, Agent> read(String yaml) throws InvalidRulesException {
        Node document = YamlMapping.document(yaml);
        if (document == null) {
            throw new InvalidRulesException(1, "the file is empty.");
        }
        YamlMapping file = new YamlMapping("the file", document);
        Node list = file.take("agents");
        file.end();
        if (!(list instanceof SequenceNode sequence)
                || sequence.getValue().isEmpty()
                || sequence.getValue().size() > MAX_AGENTS) {
            throw new InvalidRulesException(
                    list == null ? file.line() : YamlMapping.line(list),
                    "agents must be a list of 1 to " + MAX_AGENTS + " agents.");
        }
        Map<String, Agent> agents = new LinkedHashMap<>();
        for (Node node : sequence.getValue()) {
            Agent agent = agent(node);
            if (agents.put(agent.name(), agent) != null) {
                throw new InvalidRulesException(
                        YamlMapping.line(node), "there are two agents with the name '" + agent.name() + "'.");
            }
        }
        return agents;
    }

    private static Agent agent(Node node) throws InvalidRulesException {
        YamlMapping agent = new YamlMapping("an agent", node);
        String name = agent.takeText("name");
        if (name == null || !name.matches(NAME)) {
            throw new InvalidRulesException(
                    agent.line(), "an agent needs a name of up to 40 small letters, digits and hyphens.");
        }
        Map<String, Variable> variables = VariablesReader.read(agent.take("vars"));
        Agent read = new Agent(
                name,
                title(agent, name),
                version(node),
                models(agent),
                setup(agent),
                template("instruction", agent.take("instruction"), variables.keySet()),
                template("greeting", agent.take("greeting"), variables.keySet()),
                variables,
                zone(agent),
                overrides(agent),
                agent.takeSwitch("transcripts", true),
                limits(agent));
        agent.end();
        return read;
    }

    private static String title(YamlMapping agent, String name) throws InvalidRulesException {
        Node node = agent.peek("title");
        String title = agent.takeText("title");
        if (title == null) {
            return name;
        }
        if (title.length() > MAX_TITLE || title.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRulesException(
                    line(node, agent), "title must be one line of up to " + MAX_TITLE + " characters.");
        }
        return title;
    }

    private static List<String> models(YamlMapping agent) throws InvalidRulesException {
        Node node = agent.peek("model");
        Node others = agent.peek("fallbacks");
        String model = agent.takeText("model");
        Set<String> fallbacks = agent.takeTexts("fallbacks");
        List<String> models = new ArrayList<>();
        if (model != null) {
            models.add(model(model, line(node, agent)));
        } else if (fallbacks != null) {
            throw new InvalidRulesException(line(others, agent), "fallbacks need a model.");
        }
        if (fallbacks != null) {
            for (String fallback : fallbacks) {
                String bare = model(fallback, line(others, agent));
                if (models.contains(bare)) {
                    throw new InvalidRulesException(line(others, agent), "fallbacks has '" + bare + "' twice.");
                }
                models.add(bare);
            }
        }
        return models;
    }

    private static String model(String name, int line) throws InvalidRulesException {
        String bare = name.startsWith("models/") ? name.substring("models/".length()) : name;
        if (!bare.matches(MODEL) || bare.startsWith(Agents.MODEL_PREFIX)) {
            throw new InvalidRulesException(line, "a model must be the id of a model of Gemini.");
        }
        return bare;
    }

    private static ZoneId zone(YamlMapping agent) throws InvalidRulesException {
        Node node = agent.peek("time-zone");
        String zone = agent.takeText("time-zone");
        try {
            return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
        } catch (DateTimeException _) {
            // Also for a zone that this Java does not know.
            throw new InvalidRulesException(line(node, agent), "time-zone must be a zone such as Europe/Berlin.");
        }
    }

    private static Set<AgentPart> overrides(YamlMapping agent) throws InvalidRulesException {
        Set<String> labels = agent.takeWords("override", PARTS);
        Set<AgentPart> parts = EnumSet.noneOf(AgentPart.class);
        for (AgentPart part : AgentPart.values()) {
            if (labels != null && labels.contains(part.label())) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static AgentSetup.Limits limits(YamlMapping agent) throws InvalidRulesException {
        Node node = agent.take("limits");
        if (node == null) {
            return AgentSetup.Limits.NONE;
        }
        YamlMapping limits = new YamlMapping("limits", node);
        BigDecimal usd = limits.takeNumber("usd");
        AgentSetup.Limits read = new AgentSetup.Limits(
                limits.takeDuration("max-duration"),
                limits.takeCount("tokens"),
                usd == null ? null : usd.multiply(MICRO).longValueExact());
        limits.end();
        return read;
    }

    // ---- the setup ------------------------------------------------------------------------------------------------

    private static String setup(YamlMapping agent) throws InvalidRulesException {
        ObjectNode setup = JsonNodeFactory.instance.objectNode();
        ObjectNode generation = part(agent, "generation", setup, "generationConfig");
        for (String own : List.of("responseModalities", "speechConfig")) {
            if (generation != null && generation.has(own)) {
                throw new InvalidRulesException(
                        agent.line(),
                        "generation can't hold " + own + "; an agent has modalities, voice and language instead.");
            }
        }
        Set<String> modalities = agent.takeWords("modalities", List.of("audio", "text"));
        String voice = agent.takeText("voice");
        String language = agent.takeText("language");
        if (modalities != null) {
            modalities.forEach(modality -> setup.withObjectProperty("generationConfig")
                    .withArrayProperty("responseModalities")
                    .add(modality.toUpperCase(Locale.ROOT)));
        }
        if (voice != null) {
            setup.withObjectProperty("generationConfig")
                    .withObjectProperty("speechConfig")
                    .withObjectProperty("voiceConfig")
                    .withObjectProperty("prebuiltVoiceConfig")
                    .put("voiceName", voice);
        }
        if (language != null) {
            setup.withObjectProperty("generationConfig")
                    .withObjectProperty("speechConfig")
                    .put("languageCode", language);
        }
        part(agent, "turn-taking", setup, "realtimeInputConfig");
        part(agent, "proactivity", setup, "proactivity");
        part(agent, "safety", setup, "safetySettings");
        part(agent, "tools", setup, "tools");
        String json = StrictJson.write(setup);
        if (json.getBytes(UTF_8).length > MAX_SETUP_BYTES) {
            throw new InvalidRulesException(
                    agent.line(), "an agent may have at most " + MAX_SETUP_BYTES + " bytes besides its instruction.");
        }
        return json;
    }

    /** A member in Gemini's own form; a list stays a list. */
    private static @Nullable ObjectNode part(YamlMapping agent, String name, ObjectNode setup, String member)
            throws InvalidRulesException {
        Node node = agent.take(name);
        if (node == null) {
            return null;
        }
        JsonNode value = YamlValues.json(node);
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.set(member, value);
        OperatorSetup.Fault fault = OperatorSetup.fault(part).orElse(null);
        if (fault != null) {
            List<String> inside = fault.path().subList(1, fault.path().size());
            String path = inside.isEmpty() ? name : name + "." + String.join(".", inside);
            throw new InvalidRulesException(YamlValues.line(node, inside), path + " " + fault.sentence() + ".");
        }
        setup.set(member, value);
        return value instanceof ObjectNode object ? object : null;
    }

    // ---- templates ------------------------------------------------------------------------------------------------

    private static @Nullable AgentTemplate template(String member, @Nullable Node node, Set<String> variables)
            throws InvalidRulesException {
        if (node == null) {
            return null;
        }
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw new InvalidRulesException(YamlMapping.line(node), member + " must be a text.");
        }
        try {
            return AgentTemplate.parse(scalar.getValue(), variables);
        } catch (InvalidTemplateException e) {
            // A block begins on the line after its indicator; in other styles the lines are folded.
            boolean block = scalar.getScalarStyle() == ScalarStyle.LITERAL;
            throw new InvalidRulesException(
                    YamlMapping.line(node) + (block ? e.line() : 0), member + " " + e.predicate() + ".");
        }
    }

    private static String version(Node node) throws InvalidRulesException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(StrictJson.write(YamlValues.json(node)).getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, VERSION_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static int line(@Nullable Node node, YamlMapping otherwise) {
        return node == null ? otherwise.line() : YamlMapping.line(node);
    }
}
