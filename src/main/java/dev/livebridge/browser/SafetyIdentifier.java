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
 * Tells Gemini which conversations are one caller's, where the operator wants it: the label {@code safety_identifier}
 * of the setup is the hash of the subject, whatever the client has put there.
 */
@Singleton
class SafetyIdentifier {

    static final String LABEL = "safety_identifier";

    private final boolean wanted;
    private final SubjectHash hash;

    @Inject
    SafetyIdentifier(LivebridgeConfig config, SubjectHash hash) {
        this(config.access().safetyIdentifier(), hash);
    }

    SafetyIdentifier(boolean wanted, SubjectHash hash) {
        this.wanted = wanted;
        this.hash = hash;
    }

    /** The messages of a client's first frame, with the label in a setup. */
    List<ClientMessage> into(List<ClientMessage> messages, Caller caller) {
        return wanted ? messages.stream().map(message -> into(message, caller)).toList() : messages;
    }

    private ClientMessage into(ClientMessage message, Caller caller) {
        return message instanceof ClientMessage.Setup setup
                ? new ClientMessage.Setup(labelled(setup.json(), caller), setup.resumption())
                : message;
    }

    private String labelled(String json, Caller caller) {
        JsonNode setup;
        try {
            setup = StrictJson.read(json);
        } catch (MalformedJsonException unreadable) {
            throw new IllegalStateException("a setup was read before", unreadable);
        }
        JsonNode given = setup.path("labels");
        if (!(setup instanceof ObjectNode object) || !(given.isMissingNode() || given.isNull() || given.isObject())) {
            // The policy refuses it.
            return json;
        }
        // First, so that it is not the one beyond the number that the policy allows.
        ObjectNode labels = JsonNodeFactory.instance.objectNode().put(LABEL, hash.of(caller.subject()));
        given.properties().stream()
                .filter(label -> !label.getKey().equals(LABEL))
                .forEach(label -> labels.set(label.getKey(), label.getValue()));
        object.set("labels", labels);
        return StrictJson.write(object);
    }
}
