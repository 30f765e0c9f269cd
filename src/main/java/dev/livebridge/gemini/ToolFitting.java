package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.ArrayList;
import java.util.List;

/** Leaves out the tools for which a model closes the connection (gemini-live-api.md section 4.1.3). */
final class ToolFitting {

    private static final String UNSPECIFIED = "UNSPECIFIED";

    private ToolFitting() {}

    /**
     * Fits the setup's tools in place.
     *
     * @throws UpstreamRefusedException when {@code tools} is not a list of objects
     */
    static void fit(ObjectNode setup, LiveModel model, SetupEdits edits) throws UpstreamRefusedException {
        switch (setup.get("tools")) {
            case null -> {}
            case ArrayNode tools -> {
                for (JsonNode entry : tools) {
                    if (!(entry instanceof ObjectNode tool)) {
                        throw SetupEdits.refused("setup.tools must be a list of JSON objects.");
                    }
                    fitTool(tool, model, edits);
                }
                tools.removeIf(JsonNode::isEmpty);
                if (tools.isEmpty()) {
                    setup.remove("tools");
                }
            }
            case JsonNode other -> throw SetupEdits.refused("setup.tools must be a list of JSON objects.");
        }
    }

    private static void fitTool(ObjectNode tool, LiveModel model, SetupEdits edits) {
        List<String> taken = model.tools();
        if (taken != null) {
            List<String> asked = new ArrayList<>();
            tool.fieldNames().forEachRemaining(asked::add);
            asked.stream()
                    .filter(name -> !taken.contains(name))
                    .forEach(name -> edits.drop(
                            tool,
                            name,
                            "is a tool that " + model.id() + " does not have; it has " + String.join(" and ", taken)));
        }
        List<String> behaviors = model.functionBehaviors();
        if (behaviors != null && tool.get("functionDeclarations") instanceof ArrayNode functions) {
            for (JsonNode function : functions) {
                if (function instanceof ObjectNode declaration) {
                    fitBehavior(declaration, behaviors, model, edits);
                }
            }
        }
    }

    private static void fitBehavior(ObjectNode declaration, List<String> taken, LiveModel model, SetupEdits edits) {
        String behavior = declaration.path("behavior").asText(UNSPECIFIED);
        if (!behavior.equals(UNSPECIFIED) && !taken.contains(behavior)) {
            String function = SetupEdits.quote(declaration.path("name").asText());
            edits.drop(
                    declaration,
                    "behavior",
                    SetupEdits.quote(behavior) + " of function " + function + " is not taken by " + model.id());
        }
    }
}
