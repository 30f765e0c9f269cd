package dev.livebridge.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.access.rules.YamlMapping;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** YAML as JSON, for the members that Gemini defines. */
final class YamlValues {

    private static final int MAX_DEPTH = 40;
    private static final int MAX_NODES = 10_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private int nodes;

    private YamlValues() {}

    /**
     * A node as JSON. Words such as {@code yes} and {@code off} stay texts: only {@code true} and {@code false} are
     * switches.
     *
     * @throws InvalidRulesException when it has no JSON, is too deep or, by its aliases, too large
     */
    static JsonNode json(Node node) throws InvalidRulesException {
        return new YamlValues().json(node, 0);
    }

    private JsonNode json(Node node, int depth) throws InvalidRulesException {
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw new InvalidRulesException(YamlMapping.line(node), "this is too deep or too large.");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                ArrayNode list = JSON.arrayNode();
                for (Node element : sequence.getValue()) {
                    list.add(json(element, depth + 1));
                }
                yield list;
            }
            case MappingNode mapping -> {
                ObjectNode object = JSON.objectNode();
                for (NodeTuple member : mapping.getValue()) {
                    if (!(member.getKeyNode() instanceof ScalarNode name)) {
                        throw new InvalidRulesException(
                                YamlMapping.line(member.getKeyNode()), "the name of a member must be a text.");
                    }
                    if (object.has(name.getValue())) {
                        throw new InvalidRulesException(
                                YamlMapping.line(name), "there is '" + name.getValue() + "' twice.");
                    }
                    object.set(name.getValue(), json(member.getValueNode(), depth + 1));
                }
                yield object;
            }
            default -> throw new InvalidRulesException(YamlMapping.line(node), "this is no value.");
        };
    }

    private static JsonNode scalar(ScalarNode scalar) throws InvalidRulesException {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            throw new InvalidRulesException(YamlMapping.line(scalar), "a value is missing.");
        }
        if (tag.equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
            return JSON.booleanNode(text.equals("true"));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            if (!text.matches("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?")) {
                throw new InvalidRulesException(
                        YamlMapping.line(scalar), "a number must be decimal, without an exponent.");
            }
            return text.contains(".") ? JSON.numberNode(new BigDecimal(text)) : JSON.numberNode(Long.parseLong(text));
        }
        return JSON.textNode(text);
    }

    /** The line of a value inside a node, or of the innermost node on the way that there is. */
    static int line(Node node, List<String> path) {
        Node found = node;
        for (String name : path) {
            Node inner = inner(found, name);
            if (inner == null) {
                break;
            }
            found = inner;
        }
        return YamlMapping.line(found);
    }

    private static @Nullable Node inner(Node node, String name) {
        return switch (node) {
            case MappingNode mapping ->
                mapping.getValue().stream()
                        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals(name))
                        .map(NodeTuple::getValueNode)
                        .findFirst()
                        .orElse(null);
            case SequenceNode sequence -> sequence.getValue().get(Integer.parseInt(name));
            default -> null;
        };
    }
}
