package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.Base64Form;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes a client's JSON: camelCase names, lists in place of single values, standard base64.
 *
 * <p>As in protobuf, {@code null} means that the member is absent (gemini-live-api.md section 3).
 */
final class JsonNormalizer {

    private final @Nullable PartialResult result;

    private JsonNormalizer(@Nullable PartialResult result) {
        this.result = result;
    }

    /**
     * Rewrites an object.
     *
     * @param value what the client wrote
     * @param shape what is known about it
     * @param path where it stands, canonically spelled, for messages
     * @throws BadInputException when the value can't be of that shape
     */
    static ObjectNode of(JsonNode value, SchemaNode.Message shape, String path) throws BadInputException {
        return new JsonNormalizer(null).message(value, shape, path);
    }

    /**
     * Rewrites an object of a message for the model and removes members that the rules do not allow.
     *
     * @param value what the client wrote
     * @param shape what is known about it
     * @param path where it stands, canonically spelled, for messages
     * @param result holds the rules and records the removed members
     * @throws BadInputException when the value can't be of that shape, or holds what is not allowed
     */
    static ObjectNode of(JsonNode value, SchemaNode.Message shape, String path, PartialResult result)
            throws BadInputException {
        return new JsonNormalizer(result).message(value, shape, path);
    }

    private ObjectNode message(JsonNode value, SchemaNode.Message shape, String path) throws BadInputException {
        if (!(value instanceof ObjectNode object)) {
            throw badShape(path + " must be an object");
        }
        ObjectNode rewritten = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            SchemaNode.Member member = shape.bySpelling().get(entry.getKey());
            if (member == null) {
                if (result == null || result.passesOn(path, entry.getKey())) {
                    rewritten.set(entry.getKey(), entry.getValue());
                }
            } else if (!entry.getValue().isNull()) {
                String memberPath = path.isEmpty() ? member.name() : path + "." + member.name();
                JsonNode previous =
                        rewritten.replace(member.name(), rewrite(entry.getValue(), member.shape(), memberPath));
                if (previous != null) {
                    throw badShape(memberPath + " is present twice, in both spellings");
                }
            }
        }
        return rewritten;
    }

    private JsonNode rewrite(JsonNode value, SchemaNode shape, String path) throws BadInputException {
        return switch (shape) {
            case SchemaNode.Message message -> message(value, message, path);
            case SchemaNode.File(SchemaNode.Message reference) -> {
                if (result != null) {
                    result.checkFile(path);
                }
                yield message(value, reference, path);
            }
            case SchemaNode.ListOf(SchemaNode element) -> list(value, element, path);
            case SchemaNode.Leaf leaf -> leaf(value, leaf, path);
        };
    }

    private ArrayNode list(JsonNode value, SchemaNode element, String path) throws BadInputException {
        ArrayNode rewritten = JsonNodeFactory.instance.arrayNode();
        if (!value.isArray()) {
            return rewritten.add(rewrite(value, element, path));
        }
        for (JsonNode item : value) {
            rewritten.add(rewrite(item, element, path + "[" + rewritten.size() + "]"));
        }
        return rewritten;
    }

    private static JsonNode leaf(JsonNode value, SchemaNode.Leaf leaf, String path) throws BadInputException {
        return switch (leaf) {
            case AS_IS -> value;
            case UPPER_CASE ->
                value.isTextual()
                        ? JsonNodeFactory.instance.textNode(value.textValue().toUpperCase(Locale.ROOT))
                        : value;
            case BASE64 -> JsonNodeFactory.instance.textNode(base64(value, path));
        };
    }

    /** The standard form of a base64 string. */
    static String base64(JsonNode value, String path) throws BadInputException {
        if (!value.isTextual()) {
            throw badShape(path + " must be a string");
        }
        String standard = Base64Form.standard(value.textValue());
        if (standard == null) {
            throw new BadInputException("bad_base64", path + " is not base64", List.of());
        }
        return standard;
    }

    static BadInputException badShape(String message) {
        return new BadInputException("bad_shape", message, List.of());
    }
}
