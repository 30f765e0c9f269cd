package dev.livebridge.resumption;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.json.JsonText;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a conversation inside sealed tokens and handles: complete, so that another instance continues with the
 * same version of the agent and does not need its file.
 */
final class AgentContent {

    private AgentContent() {}

    /** The agent as a JSON object. */
    static String write(AgentSetup agent) {
        Set<String> overrides = new LinkedHashSet<>();
        for (AgentPart part : AgentPart.values()) {
            if (agent.allows(part)) {
                overrides.add(part.label());
            }
        }
        JsonText json = JsonText.object()
                .put("name", agent.name())
                .put("version", agent.version())
                .putJson("setup", agent.json())
                .put("models", agent.models())
                .put("overrides", overrides)
                .put("transcripts", agent.transcripts());
        AgentSetup.Limits limits = agent.limits();
        if (limits.maxDuration() != null) {
            json.put("ms", limits.maxDuration().toMillis());
        }
        if (limits.tokens() != null) {
            json.put("tokens", limits.tokens());
        }
        if (limits.microUsd() != null) {
            json.put("musd", limits.microUsd());
        }
        return json.end();
    }

    /** The agent that {@link #write} has written; {@code null} when there is none. */
    static @Nullable AgentSetup read(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        List<String> models = new ArrayList<>();
        json.path("models").forEach(model -> models.add(model.asText()));
        Set<AgentPart> overrides = EnumSet.noneOf(AgentPart.class);
        for (JsonNode label : json.path("overrides")) {
            for (AgentPart part : AgentPart.values()) {
                if (part.label().equals(label.asText())) {
                    overrides.add(part);
                }
            }
        }
        Long millis = number(json, "ms");
        return new AgentSetup(
                json.path("name").asText(),
                json.path("version").asText(),
                StrictJson.write(json.path("setup")),
                models,
                overrides,
                json.path("transcripts").asBoolean(),
                new AgentSetup.Limits(
                        millis == null ? null : Duration.ofMillis(millis),
                        number(json, "tokens"),
                        number(json, "musd")));
    }

    private static @Nullable Long number(JsonNode json, String member) {
        return json.path(member).isIntegralNumber() ? json.path(member).asLong() : null;
    }
}
