package dev.livebridge.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.EndCause;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.policy.NotAllowedException;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins a client's setup with the setup of its agent. The client's part is subject to what the agent leaves open, to
 * the permissions of the caller and to the operator's policy; the agent's part is the operator's own.
 *
 * @param agent of the conversation
 */
record AgentFitting(AgentSetup agent) {

    static final String INSTRUCTION = "systemInstruction";

    /** In place of the instruction, for clients. */
    static final String REDACTED = "[redacted]";

    private static final String GENERATION = "generationConfig";
    private static final String SPEECH = "speechConfig";
    private static final String MODALITIES = "responseModalities";
    private static final Set<String> TRANSCRIPTIONS = Set.of("inputAudioTranscription", "outputAudioTranscription");

    /** What a client may always set: none of it changes what the agent is. */
    private static final Set<String> OPEN = Set.of(
            "inputAudioTranscription", "outputAudioTranscription", "sessionResumption", "historyConfig", "labels");

    /** The part of each member of a setup; the others belong to {@link AgentPart#GENERATION}. */
    private static final Map<String, AgentPart> PARTS = Map.of(
            INSTRUCTION,
            AgentPart.INSTRUCTION,
            "tools",
            AgentPart.TOOLS,
            "realtimeInputConfig",
            AgentPart.TURN_TAKING,
            MODALITIES,
            AgentPart.MODALITIES,
            "voiceConfig",
            AgentPart.VOICE,
            "languageCode",
            AgentPart.LANGUAGE);

    /** Whether a model that the client names is one of the agent's own; then it is no override. */
    boolean isOwn(String model) {
        return agent.models().contains(ModelCatalogue.bare(model));
    }

    /**
     * Checks the client's choice of a model.
     *
     * @throws UpstreamRefusedException with {@link EndCause#AGENT_OVERRIDE}
     */
    void checkModel() throws UpstreamRefusedException {
        check(AgentPart.MODEL, "model");
    }

    /**
     * The setup of client and agent together.
     *
     * @param client its setup; every member is at its place
     * @param caller what the caller may set
     * @param policy the operator's rules for clients
     * @throws UpstreamRefusedException with {@link EndCause#AGENT_OVERRIDE} when the client sets what the agent does
     *     not leave open
     */
    ObjectNode join(ObjectNode client, CallerFitting caller, ClientPolicy policy) throws UpstreamRefusedException {
        ObjectNode own = read(agent.json());
        checkOverrides(client, own);
        if (!agent.transcripts()) {
            TRANSCRIPTIONS.stream()
                    .sorted()
                    .forEach(
                            field -> caller.edits().drop(client, field, "is not offered by the agent " + agent.name()));
        }
        caller.fit(client);
        ObjectNode joined;
        try {
            joined = policy.rebuild(client, caller.edits()::notice);
        } catch (NotAllowedException e) {
            throw SetupEdits.refused(e.sentence());
        }
        overlay(joined, own, client);
        return joined;
    }

    /** Whether the instruction of a joined setup is the agent's. A client may be allowed to send another one. */
    boolean isInstructionOf(ObjectNode joined) {
        JsonNode own = read(agent.json()).path(INSTRUCTION);
        return joined.has(INSTRUCTION) && own.equals(joined.get(INSTRUCTION));
    }

    private void checkOverrides(ObjectNode client, ObjectNode own) throws UpstreamRefusedException {
        for (String name : names(client)) {
            if (name.equals(GENERATION)) {
                checkGeneration((ObjectNode) client.path(GENERATION), own.path(GENERATION));
            } else if (!name.equals("model") && !OPEN.contains(name)) {
                checkMember(client, own, name, name);
            }
        }
    }

    private void checkGeneration(ObjectNode client, JsonNode own) throws UpstreamRefusedException {
        for (String name : names(client)) {
            String path = GENERATION + "." + name;
            if (name.equals(SPEECH) && client.get(SPEECH) instanceof ObjectNode speech) {
                for (String member : names(speech)) {
                    checkMember(speech, own.path(SPEECH), member, path + "." + member);
                }
            } else if (name.equals(MODALITIES) && !own.has(MODALITIES) && isAudio(client.path(MODALITIES))) {
                // What every model for conversations does anyway; SDKs set it as a rule.
                client.remove(MODALITIES);
            } else {
                checkMember(client, own, name, path);
            }
        }
    }

    /** A member that is empty, or the same as the agent's, is no override. */
    private void checkMember(ObjectNode client, JsonNode own, String name, String path)
            throws UpstreamRefusedException {
        JsonNode value = client.path(name);
        if (value.isNull() || (value.isContainerNode() && value.isEmpty()) || value.equals(own.path(name))) {
            client.remove(name);
        } else {
            check(PARTS.getOrDefault(name, AgentPart.GENERATION), path);
        }
    }

    /**
     * Checks that clients may replace a part.
     *
     * @param path of the member that the client sets
     */
    void check(AgentPart part, String path) throws UpstreamRefusedException {
        if (!agent.allows(part)) {
            throw new UpstreamRefusedException(new UpstreamEnd(
                    EndCause.AGENT_OVERRIDE.closeCode(),
                    EndCause.AGENT_OVERRIDE,
                    RetryClass.NEVER,
                    "The agent " + agent.name() + " does not let clients set " + SetupEdits.quote(path) + "."));
        }
    }

    /** The agent's members, except those that the client replaces. */
    private static void overlay(ObjectNode joined, ObjectNode own, ObjectNode client) {
        for (String name : names(own)) {
            boolean deeper = name.equals(GENERATION) || name.equals(SPEECH);
            if (deeper && joined.get(name) instanceof ObjectNode inside && own.get(name) instanceof ObjectNode mine) {
                ObjectNode theirs = client.get(name) instanceof ObjectNode object ? object : client.objectNode();
                overlay(inside, mine, theirs);
            } else if (!(client.has(name) && joined.has(name))) {
                joined.set(name, own.get(name).deepCopy());
            }
        }
    }

    /** The setup as clients may see it. */
    static ObjectNode redacted(ObjectNode setup) {
        ObjectNode shown = setup.deepCopy();
        if (shown.has(INSTRUCTION)) {
            shown.putObject(INSTRUCTION).putArray("parts").addObject().put("text", REDACTED);
        }
        return shown;
    }

    /** The agent's models that are still offered; nothing when it names none, or none is left. */
    Stream<String> models(ModelCatalogue catalogue) {
        return agent.models().stream().filter(model -> !catalogue.isRetired(model));
    }

    private static boolean isAudio(JsonNode modalities) {
        JsonNode only = modalities.isArray() && modalities.size() == 1 ? modalities.path(0) : modalities;
        return only.asText().equalsIgnoreCase("AUDIO");
    }

    private static List<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static ObjectNode read(String json) {
        try {
            if (StrictJson.read(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the setup of an agent is JSON", e);
        }
        throw new IllegalStateException("the setup of an agent is an object");
    }

    /** The fitting for a setup with an agent; {@code null} without one. */
    static @Nullable AgentFitting of(@Nullable AgentSetup agent) {
        return agent == null ? null : new AgentFitting(agent);
    }
}
