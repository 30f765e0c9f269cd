package dev.livebridge.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks members of a setup that the operator writes, by the table for clients. Permissions do not matter; a member
 * that the table does not have is a fault, because the operator would wait for its effect in vain.
 */
public final class OperatorSetup {

    private OperatorSetup() {}

    /**
     * A fault.
     *
     * @param path of the member: names, and positions in lists
     * @param sentence what is wrong, without the path, as the predicate of a sentence
     */
    public record Fault(List<String> path, String sentence) {
        public Fault {
            path = List.copyOf(path);
        }
    }

    /** The first fault of a setup or of a part of it; nothing when there is none. */
    public static Optional<Fault> fault(ObjectNode setup) {
        return Optional.ofNullable(fault(setup, SetupTable.SETUP, List.of()));
    }

    private static @Nullable Fault fault(JsonNode value, Shape shape, List<String> path) {
        return switch (shape) {
            case Shape.Message message -> inObject(value, message, path);
            case Shape.ListOf(Shape element) -> inList(value, element, path);
            case Shape.Labels() -> new Fault(path, "is set by livebridge.policy.labels");
            case Shape.Scalar scalar ->
                Rebuild.fits(value, scalar) ? null : new Fault(path, "must be " + scalar.expected());
        };
    }

    private static @Nullable Fault inObject(JsonNode value, Shape.Message shape, List<String> path) {
        if (!value.isObject()) {
            return new Fault(path, "must be a mapping");
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            List<String> inside = at(path, entry.getKey());
            Shape.Member member = shape.members().get(entry.getKey());
            if (member == null || member.allowance() == Allowance.Fixed.NEVER) {
                return new Fault(inside, "is not a member that a setup has here");
            }
            Fault fault = fault(entry.getValue(), member.shape(), inside);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable Fault inList(JsonNode value, Shape element, List<String> path) {
        if (!value.isArray()) {
            return new Fault(path, "must be a list");
        }
        for (int i = 0; i < value.size(); i++) {
            Fault fault = fault(value.path(i), element, at(path, Integer.toString(i)));
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static List<String> at(List<String> path, String name) {
        List<String> inside = new ArrayList<>(path);
        inside.add(name);
        return inside;
    }
}
