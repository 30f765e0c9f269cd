package dev.livebridge.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.livebridge.simulator.WireType.EnumOf;
import dev.livebridge.simulator.WireType.Field;
import dev.livebridge.simulator.WireType.ListOf;
import dev.livebridge.simulator.WireType.MapOf;
import dev.livebridge.simulator.WireType.Message;
import dev.livebridge.simulator.WireType.Scalar;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads client messages as protobuf JSON: every field is checked against {@link WireTables} and comes out under its
 * camelCase name, enums by name, numbers as numbers, absent for {@code null}.
 */
final class ClientMessageReader {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final Pattern DURATION = Pattern.compile("-?\\d+(\\.\\d{1,9})?s");

    private final boolean strict;

    /** @param strict whether unknown fields are refused, as the service does; otherwise they are dropped */
    ClientMessageReader(boolean strict) {
        this.strict = strict;
    }

    /**
     * The message as an object with exactly one field.
     *
     * @throws RefusedException 1007 with the service's words when it is no such message
     */
    ObjectNode read(String text) {
        ObjectNode message = read(text, WireTables.CLIENT_MESSAGE);
        if (message.size() != 1) {
            throw RefusedException.invalidArgument();
        }
        return message;
    }

    /**
     * Any message of which there is a table.
     *
     * @throws RefusedException 1007 with the service's words when it is no such message
     */
    ObjectNode read(String text, Message type) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw RefusedException.invalid("Invalid JSON payload received. " + e.getOriginalMessage());
        }
        if (!(tree instanceof ObjectNode object)) {
            throw RefusedException.invalid("Invalid JSON payload received. Expected an object.");
        }
        return message(object, type, "");
    }

    private ObjectNode message(ObjectNode input, Message type, String path) {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : input.properties()) {
            Field field = type.field(entry.getKey());
            if (field == null) {
                if (strict) {
                    throw unknown(entry.getKey(), path);
                }
                continue;
            }
            JsonNode value = entry.getValue();
            if (!value.isNull()) {
                output.set(
                        field.name(),
                        value(
                                value,
                                field.type(),
                                path.isEmpty() ? field.snakeName() : path + '.' + field.snakeName()));
            }
        }
        return output;
    }

    private JsonNode value(JsonNode value, WireType type, String path) {
        return switch (type) {
            case Message message -> {
                if (!(value instanceof ObjectNode object)) {
                    throw badValue(path, null, value);
                }
                yield message(object, message, path);
            }
            case ListOf list -> list(value, list, path);
            case MapOf map -> map(value, map, path);
            case EnumOf choices -> choice(value, choices, path);
            case Scalar scalar -> scalar(value, scalar, path);
        };
    }

    private ArrayNode list(JsonNode value, ListOf type, String path) {
        ArrayNode output = JsonNodeFactory.instance.arrayNode();
        if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                output.add(value(array.get(i), type.element(), path + '[' + i + ']'));
            }
        } else {
            output.add(value(value, type.element(), path));
        }
        return output;
    }

    private ObjectNode map(JsonNode value, MapOf type, String path) {
        if (!(value instanceof ObjectNode object)) {
            throw badValue(path, null, value);
        }
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            output.set(entry.getKey(), value(entry.getValue(), type.value(), path + '[' + entry.getKey() + ']'));
        }
        return output;
    }

    private static TextNode choice(JsonNode value, EnumOf type, String path) {
        String name = value.isTextual() ? type.named(value.textValue()) : null;
        if (name != null) {
            return TextNode.valueOf(name);
        }
        if (value.canConvertToExactIntegral()) {
            int number = value.intValue();
            if (number >= 0 && number < type.values().size()) {
                return TextNode.valueOf(type.values().get(number));
            }
        }
        throw badValue(path, "type.googleapis.com/google.ai.generativelanguage.v1beta." + type.name(), value);
    }

    private static JsonNode scalar(JsonNode value, Scalar type, String path) {
        return switch (type) {
            case FREE -> value;
            case STRING -> {
                if (!value.isTextual()) {
                    throw badValue(path, "TYPE_STRING", value);
                }
                yield value;
            }
            case BYTES -> {
                if (!value.isTextual() || !Base64Bytes.wellFormed(value.textValue())) {
                    throw RefusedException.invalid(
                            "Invalid value at '" + path + "' (TYPE_BYTES), Base64 decoding failed");
                }
                yield value;
            }
            case BOOL -> {
                if (value.isBoolean()) {
                    yield value;
                }
                if (value.isTextual()
                        && (value.textValue().equals("true")
                                || value.textValue().equals("false"))) {
                    yield BooleanNode.valueOf(value.textValue().equals("true"));
                }
                throw badValue(path, "TYPE_BOOL", value);
            }
            case INT32 -> integer(value, path, "TYPE_INT32", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> integer(value, path, "TYPE_INT64", Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> {
                BigDecimal number = number(value);
                if (number == null) {
                    throw badValue(path, "TYPE_FLOAT", value);
                }
                yield DoubleNode.valueOf(number.doubleValue());
            }
            case DURATION -> {
                if (!value.isTextual() || !DURATION.matcher(value.textValue()).matches()) {
                    throw badValue(path, "type.googleapis.com/google.protobuf.Duration", value);
                }
                yield value;
            }
        };
    }

    private static LongNode integer(JsonNode value, String path, String type, long min, long max) {
        BigDecimal number = number(value);
        if (number == null
                || number.stripTrailingZeros().scale() > 0
                || number.compareTo(BigDecimal.valueOf(min)) < 0
                || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw badValue(path, type, value);
        }
        return LongNode.valueOf(number.longValue());
    }

    /** A number, or a string holding one; null for anything else. */
    private static @Nullable BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        if (value.isTextual()) {
            try {
                return new BigDecimal(value.textValue());
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    private static RefusedException unknown(String name, String path) {
        String place = path.isEmpty() ? "" : " at '" + path + "'";
        return RefusedException.invalid(
                "Invalid JSON payload received. Unknown name \"" + name + "\"" + place + ": Cannot find field.");
    }

    private static RefusedException badValue(String path, @Nullable String type, JsonNode value) {
        String kind = type == null ? "" : " (" + type + ")";
        return RefusedException.invalid("Invalid value at '" + path + "'" + kind + ", " + value);
    }
}
