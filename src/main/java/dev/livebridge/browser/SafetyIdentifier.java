package dev.livebridge.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.Caller;
import dev.livebridge.access.SubjectHash;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Sets the label {@code safety_identifier} of a setup to the hash of the caller's subject, if the operator enables it.
 * A value from the client is replaced.
 */
@Singleton
class SafetyIdentifier {

    static final String LABEL = "safety_identifier";

    private final boolean enabled;
    private final SubjectHash hash;

    @Inject
    SafetyIdentifier(LivebridgeConfig config, SubjectHash hash) {
        this(config.access().safetyIdentifier(), hash);
    }

    SafetyIdentifier(boolean enabled, SubjectHash hash) {
        this.enabled = enabled;
        this.hash = hash;
    }

    /** Sets the label in the setups among a client's messages. */
    List<ClientMessage> into(List<ClientMessage> messages, Caller caller) {
        return enabled ? messages.stream().map(message -> into(message, caller)).toList() : messages;
    }

    private ClientMessage into(ClientMessage message, Caller caller) {
        return message instanceof ClientMessage.Setup setup ? setup.with(labelled(setup.json(), caller)) : message;
    }

    private String labelled(String json, Caller caller) {
        JsonNode setup;
        try {
            setup = StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the setup was parsed before", e);
        }
        JsonNode existing = setup.path("labels");
        if (!(setup instanceof ObjectNode object)
                || !(existing.isMissingNode() || existing.isNull() || existing.isObject())) {
            // The policy refuses it.
            return json;
        }
        // First, so that the policy never refuses it as one label too many.
        ObjectNode labels = JsonNodeFactory.instance.objectNode().put(LABEL, hash.of(caller.subject()));
        existing.properties().stream()
                .filter(label -> !label.getKey().equals(LABEL))
                .forEach(label -> labels.set(label.getKey(), label.getValue()));
        object.set("labels", labels);
        return StrictJson.write(object);
    }
}
