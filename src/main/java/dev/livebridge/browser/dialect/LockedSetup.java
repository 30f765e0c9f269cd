package dev.livebridge.browser.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.FieldNames;
import java.util.List;
import java.util.Map;

/**
 * Reads the setup that an ephemeral token locks. Stricter than for the setup of a client, as Google is: an unknown
 * member is an error, because its issuer can correct it.
 */
public final class LockedSetup {

    private LockedSetup() {}

    /**
     * The setup in canonical spelling.
     *
     * @param value of the member
     * @param name of the member, camelCase
     * @throws BadInputException in Google's words
     */
    public static ObjectNode read(JsonNode value, String name) throws BadInputException {
        ObjectNode setup = JsonNormalizer.of(value, GeminiSchema.SETUP, name);
        check(setup, GeminiSchema.SETUP, FieldNames.snakeCase(name));
        return setup;
    }

    private static void check(JsonNode value, SchemaNode shape, String path) throws BadInputException {
        switch (shape) {
            case SchemaNode.Message message -> checkMembers(value, message, path);
            case SchemaNode.File(SchemaNode.Message reference) -> checkMembers(value, reference, path);
            case SchemaNode.ListOf(SchemaNode element) -> {
                for (int i = 0; i < value.size(); i++) {
                    check(value.get(i), element, path + "[" + i + "]");
                }
            }
            case SchemaNode.Leaf _ -> {
                // Data of any form.
            }
        }
    }

    private static void checkMembers(JsonNode value, SchemaNode.Message shape, String path) throws BadInputException {
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            SchemaNode.Member known = shape.bySpelling().get(member.getKey());
            if (known == null) {
                throw unknownName(member.getKey(), path);
            }
            check(member.getValue(), known.shape(), path + "." + FieldNames.snakeCase(known.name()));
        }
    }

    /**
     * Google's error for an unknown member.
     *
     * @param path of its object, snake_case; empty for the outermost
     */
    public static BadInputException unknownName(String name, String path) {
        String shown = name.length() <= PartialResult.MAX_NAME ? name : name.substring(0, PartialResult.MAX_NAME) + "…";
        String place = path.isEmpty() ? "" : " at '" + path + "'";
        return new BadInputException(
                "unknown_name",
                "Invalid JSON payload received. Unknown name \"" + shown + "\"" + place + ": Cannot find field.",
                List.of());
    }
}
