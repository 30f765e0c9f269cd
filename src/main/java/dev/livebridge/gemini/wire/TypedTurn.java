package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a {@code clientContent} that decide how it is sent to the model.
 *
 * @param complete whether it has {@code turnComplete}
 * @param text the text, if it is complete and holds one turn of the user with nothing but text; otherwise {@code null}
 */
record TypedTurn(boolean complete, @Nullable String text) {

    /**
     * Reads the inside of a {@code clientContent} in canonical spelling.
     *
     * @throws IllegalArgumentException when it is not JSON
     */
    static TypedTurn read(String clientContent) {
        JsonNode content;
        try {
            content = StrictJson.read(clientContent);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("a clientContent that was read before is not JSON", e);
        }
        boolean complete = content.path("turnComplete").asBoolean();
        return new TypedTurn(complete, complete ? text(content.path("turns")) : null);
    }

    private static @Nullable String text(JsonNode turns) {
        JsonNode turn = turns.path(0);
        String role = turn.path("role").asText("user");
        JsonNode parts = turn.path("parts");
        if (turns.size() != 1 || !(role.equals("user") || role.isEmpty()) || parts.isEmpty()) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : parts) {
            if (part.size() != 1 || !part.path("text").isTextual()) {
                return null;
            }
            texts.add(part.path("text").textValue());
        }
        String text = String.join("\n", texts);
        return text.isEmpty() ? null : text;
    }
}
