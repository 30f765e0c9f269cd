package dev.livebridge.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.access.Caller;
import dev.livebridge.access.rules.Permissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request for an agent, at the start of a conversation.
 *
 * @param name that the client gives; {@code null} when it gives none
 * @param variables that the client gives
 * @param caller of the conversation
 * @param permissions of the caller
 * @param dialect label of the dialect that the client speaks
 * @param language of the user, as a BCP 47 tag; {@code null} when unknown
 */
public record AgentRequest(
        @Nullable String name,
        Map<String, JsonNode> variables,
        Caller caller,
        Permissions permissions,
        String dialect,
        @Nullable String language) {

    public AgentRequest {
        variables = Map.copyOf(variables);
    }
}
