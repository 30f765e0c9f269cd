package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/** Which functions of a setup were declared with {@code behavior: BLOCKING} (gemini-live-api.md section 8). */
final class BlockingFunctions {

    private static final String NAME = "BLOCKING";

    /** The number of {@code BLOCKING} in {@code FunctionDeclaration.Behavior}; the wire takes names and numbers. */
    private static final int NUMBER = 1;

    private BlockingFunctions() {}

    /** The names of these functions. */
    static Set<String> of(JsonNode setup) {
        Set<String> names = new HashSet<>();
        for (JsonNode tool : setup.path("tools")) {
            for (JsonNode function : tool.path("functionDeclarations")) {
                JsonNode behavior = function.path("behavior");
                if (NAME.equals(behavior.asText()) || (behavior.isInt() && behavior.intValue() == NUMBER)) {
                    names.add(function.path("name").asText());
                }
            }
        }
        return names;
    }
}
