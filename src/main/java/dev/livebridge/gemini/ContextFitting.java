package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.policy.NotAllowedException;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.UpstreamRefusedException;

/**
 * Fits an update of the context to the connection's model and to the operator's policy, by the rules of the setup
 * (gemini-live-api.md section 20 row 2): what is not set stays, a list of tools without elements clears them.
 *
 * @param model that answers
 * @param policy what clients may ask for
 * @param permissions what this client may ask for
 */
record ContextFitting(LiveModel model, ClientPolicy policy, Permissions permissions) {

    private static final String INSTRUCTION = "systemInstruction";
    private static final String TOOLS = "tools";

    /**
     * Fits an update.
     *
     * @param requested the client's setup so far
     * @throws UpstreamRefusedException when it can't be honoured
     */
    ContextChange fit(ClientMessage.ContextUpdate update, ClientMessage.Setup requested)
            throws UpstreamRefusedException {
        JsonNode asked = read(update.json());
        ObjectNode inSetup = JsonNodeFactory.instance.objectNode();
        if (asked.hasNonNull(INSTRUCTION)) {
            inSetup.set(INSTRUCTION, asked.get(INSTRUCTION));
        }
        boolean swapsTools = asked.hasNonNull(TOOLS);
        if (swapsTools) {
            JsonNode tools = asked.path(TOOLS).path(TOOLS);
            inSetup.set(TOOLS, tools.isMissingNode() ? JsonNodeFactory.instance.arrayNode() : tools);
        }
        SetupEdits edits = new SetupEdits();
        CallerFitting caller = new CallerFitting(permissions, edits);
        if (!caller.allowsUpdate()) {
            return new ContextChange(null, requested, edits.notices());
        }
        AgentFitting agent = AgentFitting.of(requested.agent());
        if (agent != null && inSetup.has(INSTRUCTION)) {
            agent.check(AgentPart.INSTRUCTION, "contextUpdate." + INSTRUCTION);
        }
        if (agent != null && inSetup.has(TOOLS)) {
            agent.check(AgentPart.TOOLS, "contextUpdate." + TOOLS);
        }
        caller.fit(inSetup);
        swapsTools &= permissions.tools();
        ClientMessage.Setup changed = applied(inSetup, requested);

        ObjectNode fitted = inSetup.deepCopy();
        ToolFitting.fit(fitted, model, edits);
        ObjectNode allowed = rebuilt(fitted, edits);
        ObjectNode sent = JsonNodeFactory.instance.objectNode();
        if (allowed.has(INSTRUCTION)) {
            sent.set(INSTRUCTION, allowed.get(INSTRUCTION));
        }
        if (swapsTools) {
            sent.putObject(TOOLS).set(TOOLS, allowed.withArrayProperty(TOOLS));
        }
        return new ContextChange(
                sent.isEmpty() ? null : new ClientMessage.ContextUpdate(StrictJson.write(sent)),
                changed,
                edits.notices());
    }

    private ObjectNode rebuilt(ObjectNode update, SetupEdits edits) throws UpstreamRefusedException {
        try {
            return policy.rebuildUpdate(update, edits::notice);
        } catch (NotAllowedException e) {
            throw SetupEdits.refused(e.sentence());
        }
    }

    /** The client's setup with the update, not fitted: each connection fits it for its model. */
    private static ClientMessage.Setup applied(ObjectNode update, ClientMessage.Setup requested) {
        ObjectNode setup = (ObjectNode) read(requested.json());
        setup.setAll(update);
        return requested.with(StrictJson.write(setup));
    }

    private static JsonNode read(String json) {
        try {
            return StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("a message that was read before is not JSON", e);
        }
    }
}
