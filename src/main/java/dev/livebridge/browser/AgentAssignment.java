package dev.livebridge.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.access.Caller;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.agents.AgentRefusedException;
import dev.livebridge.agents.AgentRequest;
import dev.livebridge.agents.AgentSelection;
import dev.livebridge.agents.Agents;
import dev.livebridge.agents.ChosenAgent;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.websockets.next.HandshakeRequest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives a conversation that begins its agent. A client names it in the query ({@code agent=NAME}) or as a model
 * ({@code models/agent-NAME}), and gives variables in the query ({@code vars.NAME=VALUE}) or, on {@code /live}, in its
 * first message.
 */
@Singleton
class AgentAssignment {

    private static final String AGENT = "agent";
    private static final String LOCALE = "locale";
    private static final String VARS = "vars.";
    private static final String MODEL = "model";
    private static final String MODELS = "models/";
    private static final int MAX_PARAMETERS = 100;

    private final AgentSelection selection;

    AgentAssignment(AgentSelection selection) {
        this.selection = selection;
    }

    /**
     * What a client says outside its messages.
     *
     * @param query of the upgrade request, {@code null} without one
     * @param acceptLanguage header of the upgrade request, {@code null} without one
     */
    record Handshake(@Nullable String query, @Nullable String acceptLanguage) {

        static Handshake of(HandshakeRequest request) {
            return new Handshake(request.query(), request.header("Accept-Language"));
        }
    }

    /**
     * The messages of the client's first frame, with the agent in its setup.
     *
     * @throws AgentRefusedException when the conversation can't begin
     */
    List<ClientMessage> into(
            List<ClientMessage> messages, Handshake handshake, Caller caller, Permissions permissions, String dialect)
            throws AgentRefusedException {
        List<ClientMessage> assigned = new ArrayList<>(messages.size() + 1);
        for (ClientMessage message : messages) {
            if (message instanceof ClientMessage.Setup setup) {
                assign(setup, handshake, caller, permissions, dialect, assigned);
            } else {
                assigned.add(message);
            }
        }
        return assigned;
    }

    private void assign(
            ClientMessage.Setup setup,
            Handshake handshake,
            Caller caller,
            Permissions permissions,
            String dialect,
            List<ClientMessage> assigned)
            throws AgentRefusedException {
        ObjectNode json = read(setup.json());
        Map<String, List<String>> query = parameters(handshake.query());
        String named = named(locksModel(caller.token()) ? without(query, AGENT) : query, json);
        ClientMessage.Resumption resumption = setup.resumption();
        AgentSetup earlier = resumption == null ? null : resumption.agent();
        if (earlier != null) {
            if (named != null && !named.equals(earlier.name())) {
                throw refused("The conversation has the agent " + earlier.name() + " and can't have another one.");
            }
            if (!permissions.chooses(earlier.name())) {
                throw refused("The caller may not use the agent of the conversation any more.");
            }
            assigned.add(new ClientMessage.Setup(StrictJson.write(json), resumption, earlier));
            return;
        }
        ChosenAgent chosen = selection.choose(new AgentRequest(
                named, variables(query, setup.variables()), caller, permissions, dialect, language(query, handshake)));
        if (chosen == null) {
            assigned.add(setup);
            return;
        }
        AgentSetup agent = beginningWith(json, chosen.setup());
        assigned.add(new ClientMessage.Setup(StrictJson.write(json), resumption, agent));
        // History from the client comes first, and the model waits for it.
        if (chosen.greeting() != null && resumption == null && !json.has("historyConfig")) {
            assigned.add(new ClientMessage.GreetingPrompt(chosen.greeting()));
        }
    }

    private static Map<String, List<String>> parameters(@Nullable String query) throws AgentRefusedException {
        if (query == null) {
            return Map.of();
        }
        try {
            // A semicolon is part of a value, as in the URL standard.
            return new QueryStringDecoder(query, UTF_8, false, MAX_PARAMETERS, true).parameters();
        } catch (IllegalArgumentException _) {
            // Its message quotes the query.
            throw new AgentRefusedException(EndCause.AGENT_VARIABLE, "The query is not well-formed.");
        }
    }

    /** A client may name one of the agent's own models: it begins the conversation, the others are its fallbacks. */
    private static AgentSetup beginningWith(ObjectNode json, AgentSetup agent) {
        String model = bareModel(json);
        if (!agent.models().contains(model)) {
            return agent;
        }
        json.remove(MODEL);
        return agent.beginningWith(model);
    }

    private static String bareModel(ObjectNode setup) {
        String model = setup.path(MODEL).asText("");
        return model.startsWith(MODELS) ? model.substring(MODELS.length()) : model;
    }

    /** Whether the model of the setup, which may name an agent, is that of an ephemeral token. */
    private static boolean locksModel(@Nullable TokenGrant token) {
        return token != null
                && token.setup() != null
                && (token.mask().isEmpty() || token.mask().contains(MODEL));
    }

    private static Map<String, List<String>> without(Map<String, List<String>> query, String name) {
        Map<String, List<String>> rest = new HashMap<>(query);
        rest.remove(name);
        return rest;
    }

    /** The name that the client gives; a model that names an agent is removed from the setup. */
    private static @Nullable String named(Map<String, List<String>> query, ObjectNode setup)
            throws AgentRefusedException {
        String named = single(query, AGENT);
        String bare = bareModel(setup);
        if (!bare.startsWith(Agents.MODEL_PREFIX)) {
            return named;
        }
        setup.remove(MODEL);
        String byModel = bare.substring(Agents.MODEL_PREFIX.length());
        if (named != null && !named.equals(byModel)) {
            throw refused("The query and the setup name different agents.");
        }
        return byModel;
    }

    private static @Nullable String single(Map<String, List<String>> query, String name) throws AgentRefusedException {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw refused("The query has " + name + " more than once.");
        }
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }

    private static Map<String, JsonNode> variables(Map<String, List<String>> query, @Nullable String inFrame)
            throws AgentRefusedException {
        Map<String, JsonNode> variables = new HashMap<>();
        if (inFrame != null) {
            read(inFrame).properties().forEach(each -> variables.put(each.getKey(), each.getValue()));
        }
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            if (parameter.getKey().startsWith(VARS)) {
                JsonNode value =
                        JsonNodeFactory.instance.textNode(parameter.getValue().getFirst());
                boolean twice = parameter.getValue().size() > 1
                        || variables.put(parameter.getKey().substring(VARS.length()), value) != null;
                if (twice) {
                    throw new AgentRefusedException(EndCause.AGENT_VARIABLE, "A variable is given more than once.");
                }
            }
        }
        return variables;
    }

    /** The user's first language that is a well-formed tag. */
    private static @Nullable String language(Map<String, List<String>> query, Handshake handshake)
            throws AgentRefusedException {
        String asked = single(query, LOCALE);
        if (asked != null) {
            return tag(asked);
        }
        String header = handshake.acceptLanguage();
        if (header == null) {
            return null;
        }
        try {
            return Locale.LanguageRange.parse(header).stream()
                    .map(range -> tag(range.getRange()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        } catch (IllegalArgumentException _) {
            // A header that is not one says nothing of the user's language.
            return null;
        }
    }

    private static @Nullable String tag(String text) {
        String tag = Locale.forLanguageTag(text).toLanguageTag();
        return tag.equals("und") ? null : tag;
    }

    private static ObjectNode read(String json) {
        try {
            if (StrictJson.read(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("a setup was read before", e);
        }
        throw new IllegalStateException("a setup is an object");
    }

    private static AgentRefusedException refused(String sentence) {
        return new AgentRefusedException(EndCause.AGENT_UNKNOWN, sentence);
    }
}
