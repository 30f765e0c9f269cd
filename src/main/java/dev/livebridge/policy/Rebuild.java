package dev.livebridge.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.Base64Form;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the members of a client's object that are in the table and allowed by the policy into a new object. A value of
 * the wrong type is refused; {@code null} counts as absent.
 */
final class Rebuild {

    private static final BigDecimal MAX_FLOAT = BigDecimal.valueOf(Float.MAX_VALUE);
    private static final int MAX_NUMBER_CHARACTERS = 40;
    private static final int MAX_QUOTE = 64;

    private final ClientPolicy policy;
    private final Consumer<String> notices;

    /**
     * A rebuild of one object.
     *
     * @param notices receives a sentence for each member that is left out
     */
    Rebuild(ClientPolicy policy, Consumer<String> notices) {
        this.policy = policy;
        this.notices = notices;
    }

    /**
     * Rebuilds an object.
     *
     * @param path of the object, for error messages
     * @throws NotAllowedException when a value is of the wrong type
     */
    ObjectNode message(JsonNode value, Shape.Message shape, String path) throws NotAllowedException {
        if (!(value instanceof ObjectNode object)) {
            throw wrong(path, "a JSON object");
        }
        ObjectNode rebuilt = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getValue().isNull()) {
                continue;
            }
            Shape.Member member = shape.members().get(entry.getKey());
            if (member == null) {
                if (policy.unknownMembers()) {
                    rebuilt.set(entry.getKey(), entry.getValue());
                } else {
                    notices.accept(quoted(entry.getKey()) + " in " + path + " is not known here; it was left out.");
                }
            } else if (member.allowance().givenBy(policy)) {
                rebuilt.set(entry.getKey(), value(entry.getValue(), member.shape(), path + "." + entry.getKey()));
            } else {
                String setting = member.allowance().setting();
                notices.accept(entry.getKey() + " in " + path + " is not allowed here"
                        + (setting == null ? "" : " (" + setting + ")") + "; it was left out.");
            }
        }
        return rebuilt;
    }

    private JsonNode value(JsonNode value, Shape shape, String path) throws NotAllowedException {
        return switch (shape) {
            case Shape.Message message -> message(value, message, path);
            case Shape.ListOf(Shape element) -> list(value, element, path);
            case Shape.Labels() -> labels(value, path);
            case Shape.Scalar scalar -> {
                if (!fits(value, scalar)) {
                    throw wrong(path, scalar.expected());
                }
                yield value;
            }
        };
    }

    private ArrayNode list(JsonNode value, Shape element, String path) throws NotAllowedException {
        if (!(value instanceof ArrayNode list)) {
            throw wrong(path, "a list");
        }
        ArrayNode rebuilt = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            JsonNode kept = value(item, element, path + "[]");
            // An element whose members were all left out would have another meaning; the whole element is left out.
            if (!(kept.isObject() && kept.isEmpty() && !item.isEmpty())) {
                rebuilt.add(kept);
            }
        }
        return rebuilt;
    }

    /** The client's labels, without those that violate the limits or whose key the operator has set. */
    private ObjectNode labels(JsonNode value, String path) throws NotAllowedException {
        if (!(value instanceof ObjectNode object)) {
            throw wrong(path, "a JSON object of strings");
        }
        ObjectNode rebuilt = JsonNodeFactory.instance.objectNode();
        int room = Labels.MAX_LABELS - policy.labels().size();
        for (Map.Entry<String, JsonNode> label : object.properties()) {
            if (label.getValue().isNull()) {
                continue;
            }
            if (!label.getValue().isTextual()) {
                throw wrong(path + "." + quoted(label.getKey()), "a string");
            }
            String fault = policy.labels().containsKey(label.getKey())
                    ? "is set by the operator"
                    : Labels.fault(label.getKey(), label.getValue().textValue());
            if (fault == null && rebuilt.size() >= room) {
                fault = "is one too many";
            }
            if (fault == null) {
                rebuilt.set(label.getKey(), label.getValue());
            } else {
                notices.accept("The label " + quoted(label.getKey()) + " " + fault + "; it was left out.");
            }
        }
        return rebuilt;
    }

    static boolean fits(JsonNode value, Shape.Scalar scalar) {
        return switch (scalar) {
            case TEXT -> value.isTextual();
            case FLAG ->
                value.isBoolean()
                        || (value.isTextual() && List.of("true", "false").contains(value.textValue()));
            case INT32 -> whole(value, BigDecimal.valueOf(Integer.MIN_VALUE), BigDecimal.valueOf(Integer.MAX_VALUE));
            case INT64 -> whole(value, BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE));
            case NUMBER -> {
                BigDecimal number = number(value);
                yield number != null && number.abs().compareTo(MAX_FLOAT) <= 0;
            }
            case ENUM -> value.isTextual() || value.canConvertToExactIntegral();
            case BYTES -> value.isTextual() && Base64Form.standard(value.textValue()) != null;
            case JSON -> true;
        };
    }

    private static boolean whole(JsonNode value, BigDecimal min, BigDecimal max) {
        BigDecimal number = number(value);
        return number != null
                && number.compareTo(min) >= 0
                && number.compareTo(max) <= 0
                && number.stripTrailingZeros().scale() <= 0;
    }

    /**
     * A number, or a string that holds one; else {@code null}. Huge exponents are harmless: they are never expanded.
     */
    static @Nullable BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        if (!value.isTextual() || value.textValue().length() > MAX_NUMBER_CHARACTERS) {
            return null;
        }
        try {
            return new BigDecimal(value.textValue());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static NotAllowedException wrong(String path, String expected) {
        return new NotAllowedException(path + " must be " + expected + ".");
    }

    /** A client's text in quotes, truncated and without control characters, for an error message. */
    static String quoted(String word) {
        List<String> shown = new ArrayList<>();
        word.codePoints()
                .limit(MAX_QUOTE)
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .forEach(point -> shown.add(Character.toString(point)));
        return "\"" + String.join("", shown) + (word.codePointCount(0, word.length()) > MAX_QUOTE ? "…" : "") + "\"";
    }
}
