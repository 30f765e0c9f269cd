package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.FieldNames;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ServerMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object by their camelCase name; members that were not read are the rest. Absent,
 * {@code null} and the type's default are the same thing, as in protobuf, and snake_case is accepted too
 * (gemini-live-api.md section 3).
 */
final class ObjectReader {

    private final String path;
    private final ObjectNode object;
    /** Gemini never sends snake_case, so most lookups are skipped. */
    private final boolean snakeCaseSeen;

    private final Set<String> taken = new HashSet<>();

    /**
     * Opens an object.
     *
     * @param path where it stands, empty for the top level
     * @param object the object, which is left as it is
     */
    ObjectReader(String path, ObjectNode object) {
        this.path = path;
        this.object = object;
        snakeCaseSeen =
                object.properties().stream().anyMatch(member -> member.getKey().indexOf('_') >= 0);
    }

    boolean takeFlag(String name) throws WireException {
        JsonNode value = take(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    String takeText(String name) throws WireException {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        // An enum value without a name in the service comes as its number.
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw wrong(name, "a string");
        }
        return value.asText();
    }

    /** A count; large ones come as strings. */
    int takeCount(String name) throws WireException {
        JsonNode value = take(name);
        if (value == null) {
            return 0;
        }
        if (!value.isTextual() && !value.isNumber()) {
            throw wrong(name, "a number");
        }
        return Math.clamp(value.asLong(), 0, Integer.MAX_VALUE);
    }

    @Nullable
    ObjectNode takeObject(String name) throws WireException {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof ObjectNode members)) {
            throw wrong(name, "an object");
        }
        return members;
    }

    @Nullable
    ObjectReader takeMembers(String name) throws WireException {
        ObjectNode members = takeObject(name);
        return members == null ? null : new ObjectReader(path.isEmpty() ? name : path + "." + name, members);
    }

    /** A list; empty when absent. */
    Iterable<JsonNode> takeList(String name) throws WireException {
        JsonNode value = take(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, "a list");
        }
        return value;
    }

    /** Takes a string member if it has the expected value; any other value is left to {@link #addRest}. */
    void takeIfText(String name, String expected) {
        if (object.path(name).asText().equals(expected)) {
            taken.add(name);
        }
    }

    /** Everything that was not taken, {@code null} when there is nothing. */
    @Nullable
    ObjectNode rest() {
        ObjectNode rest = object.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!taken.contains(member.getKey())) {
                rest.set(member.getKey(), member.getValue());
            }
        }
        return rest.isEmpty() ? null : rest;
    }

    /** Adds everything that was not taken as unknown members; for objects that are not list elements. */
    void addRest(List<ServerMessage> messages) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!taken.contains(member.getKey())) {
                messages.add(new ServerMessage.Unknown(path, member.getKey(), StrictJson.write(member.getValue())));
            }
        }
    }

    private @Nullable JsonNode take(String name) {
        String spelling = spelling(name);
        if (spelling == null) {
            return null;
        }
        taken.add(spelling);
        JsonNode value = object.get(spelling);
        return value.isNull() ? null : value;
    }

    private @Nullable String spelling(String name) {
        if (object.has(name)) {
            return name;
        }
        if (!snakeCaseSeen) {
            return null;
        }
        String snakeCase = FieldNames.snakeCase(name);
        return object.has(snakeCase) ? snakeCase : null;
    }

    private WireException wrong(String name, String expected) {
        return new WireException((path.isEmpty() ? name : path + "." + name) + " must be " + expected);
    }
}
