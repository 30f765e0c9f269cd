package dev.livebridge.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.access.rules.YamlMapping;
import dev.livebridge.agents.Variable.InvalidValueException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the variables of an agent. */
final class VariablesReader {

    private static final int MAX_VARIABLES = 32;
    private static final String NAME = "[a-zA-Z][a-zA-Z0-9_]{0,39}";
    private static final List<String> TYPES = Arrays.stream(Variable.Type.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .toList();

    private VariablesReader() {}

    /** The variables by their names; empty without a node. */
    static Map<String, Variable> read(@Nullable Node node) throws InvalidRulesException {
        Map<String, Variable> variables = new LinkedHashMap<>();
        if (node == null) {
            return variables;
        }
        YamlMapping vars = new YamlMapping("vars", node);
        for (String name : vars.names()) {
            Node value = vars.take(name);
            if (value == null || !name.matches(NAME) || variables.size() == MAX_VARIABLES) {
                throw new InvalidRulesException(
                        value == null ? vars.line() : YamlMapping.line(value),
                        "vars must have at most " + MAX_VARIABLES
                                + " names of up to 40 letters, digits and underscores.");
            }
            variables.put(name, variable(name, value));
        }
        return variables;
    }

    private static Variable variable(String name, Node node) throws InvalidRulesException {
        YamlMapping variable = new YamlMapping("vars." + name, node);
        String label = variable.takeWord("type", TYPES);
        Variable.Type type = label == null ? Variable.Type.TEXT : Variable.Type.valueOf(label.toUpperCase(Locale.ROOT));
        int maxLength = Variable.DEFAULT_MAX_LENGTH;
        BigDecimal min = null;
        BigDecimal max = null;
        List<String> choices = List.of();
        switch (type) {
            case TEXT -> maxLength = maxLength(variable);
            case NUMBER -> {
                min = number(variable, "min");
                max = number(variable, "max");
                if (min != null && max != null && min.compareTo(max) > 0) {
                    throw new InvalidRulesException(variable.line(), "vars." + name + ".min is larger than its max.");
                }
            }
            case SWITCH -> {}
            case CHOICE -> {
                Set<String> texts = variable.takeTexts("choices");
                if (texts == null) {
                    throw new InvalidRulesException(variable.line(), "vars." + name + " needs choices.");
                }
                choices = new ArrayList<>(texts);
            }
        }
        Node otherwise = variable.take("default");
        variable.end();
        Variable read = new Variable(name, type, maxLength, min, max, choices, null);
        return otherwise == null
                ? read
                : new Variable(name, type, maxLength, min, max, choices, value(read, otherwise));
    }

    private static Object value(Variable variable, Node otherwise) throws InvalidRulesException {
        try {
            return variable.read(YamlValues.json(otherwise));
        } catch (InvalidValueException e) {
            throw new InvalidRulesException(
                    YamlMapping.line(otherwise), "vars." + variable.name() + ".default " + e.predicate() + ".");
        }
    }

    private static int maxLength(YamlMapping variable) throws InvalidRulesException {
        Node node = variable.peek("max-length");
        Integer length = variable.takeSmallCount("max-length");
        if (node == null || length == null) {
            return Variable.DEFAULT_MAX_LENGTH;
        }
        if (length < 1 || length > Variable.MAX_MAX_LENGTH) {
            throw new InvalidRulesException(
                    YamlMapping.line(node), "max-length must be from 1 to " + Variable.MAX_MAX_LENGTH + ".");
        }
        return length;
    }

    private static @Nullable BigDecimal number(YamlMapping variable, String member) throws InvalidRulesException {
        Node node = variable.take(member);
        if (node == null) {
            return null;
        }
        JsonNode value = YamlValues.json(node);
        if (!value.isNumber()) {
            throw new InvalidRulesException(YamlMapping.line(node), member + " must be a number.");
        }
        return value.decimalValue();
    }
}
