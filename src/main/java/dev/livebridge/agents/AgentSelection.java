package dev.livebridge.agents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.agents.Variable.InvalidValueException;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.EndCause;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the agent of a conversation that begins, and writes its instruction with the values of the caller. The order:
 * the agent that the client names, the one of the caller's rule, the one of the tutorial's path.
 */
@Singleton
public final class AgentSelection {

    /** Of an agent with its instruction; a sealed token must have room for it. */
    static final int MAX_SETUP_BYTES = 32 * 1024;

    private static final String TUTORIAL = "tutorial";
    private static final String DEFAULT_LANGUAGE = "en";

    private final Agents agents;
    private final InstantSource clock;

    @Inject
    public AgentSelection(Agents agents) {
        this(agents, InstantSource.system());
    }

    AgentSelection(Agents agents, InstantSource clock) {
        this.agents = agents;
        this.clock = clock;
    }

    /**
     * Chooses.
     *
     * @return {@code null} when the conversation has no agent
     * @throws AgentRefusedException when the caller may not have the agent, must have one and names none, or gives
     *     values that the agent does not take
     */
    public @Nullable ChosenAgent choose(AgentRequest request) throws AgentRefusedException {
        String name = name(request);
        if (name == null) {
            if (request.permissions().needsAgent()) {
                throw new AgentRefusedException(
                        EndCause.AGENT_UNKNOWN, "This caller must choose an agent, and has chosen none.");
            }
            if (!request.variables().isEmpty()) {
                throw new AgentRefusedException(EndCause.AGENT_VARIABLE, "There are variables, but no agent.");
            }
            return null;
        }
        // The same words for an agent that does not exist and for one of other callers.
        Agent agent = agents.find(name)
                .filter(found -> request.permissions().chooses(found.name()))
                .orElseThrow(() -> new AgentRefusedException(
                        EndCause.AGENT_UNKNOWN, "There is no agent " + quoted(name) + " for this caller."));
        return chosen(agent, request);
    }

    private @Nullable String name(AgentRequest request) {
        if (request.name() != null) {
            return request.name();
        }
        String ofRule = request.permissions().agent();
        return ofRule == null && request.dialect().equals(TUTORIAL) ? agents.tutorial() : ofRule;
    }

    private ChosenAgent chosen(Agent agent, AgentRequest request) throws AgentRefusedException {
        Map<String, Object> data = data(agent, request);
        ObjectNode setup = read(agent.setup());
        if (agent.instruction() != null) {
            setup.putObject("systemInstruction")
                    .putArray("parts")
                    .addObject()
                    .put("text", render(agent, agent.instruction(), data));
        }
        String json = StrictJson.write(setup);
        String greeting = agent.greeting() == null ? null : render(agent, agent.greeting(), data);
        if (json.getBytes(UTF_8).length > MAX_SETUP_BYTES
                || (greeting != null && greeting.length() > AgentTemplate.MAX_CHARACTERS)) {
            throw new AgentRefusedException(
                    EndCause.AGENT_VARIABLE,
                    "The values for the agent " + agent.name() + " make its instruction too long.");
        }
        return new ChosenAgent(
                new AgentSetup(
                        agent.name(),
                        agent.version(),
                        json,
                        agent.models(),
                        agent.overrides(),
                        agent.transcripts(),
                        agent.limits()),
                greeting);
    }

    private static String render(Agent agent, AgentTemplate template, Map<String, Object> data)
            throws AgentRefusedException {
        try {
            return template.render(data);
        } catch (RuntimeException _) {
            // A missing value, or one that can't be compared. The message may show the template.
            throw new AgentRefusedException(
                    EndCause.AGENT_VARIABLE,
                    "The instruction of the agent " + agent.name() + " does not fit these values.");
        }
    }

    private Map<String, Object> data(Agent agent, AgentRequest request) throws AgentRefusedException {
        Map<String, Object> variables = variables(agent, request.variables());
        return Map.of(
                "claims",
                claims(agent, request.caller().claims()),
                "vars",
                variables,
                "locale",
                Objects.requireNonNullElse(request.language(), DEFAULT_LANGUAGE),
                "time",
                OffsetDateTime.ofInstant(clock.instant(), agent.zone()).truncatedTo(ChronoUnit.MINUTES));
    }

    /** The claims of the caller; one that the templates use and the caller does not have is {@code null}. */
    private static Map<String, @Nullable Object> claims(Agent agent, Map<String, String> given) {
        Set<String> used = new HashSet<>();
        if (agent.instruction() != null) {
            used.addAll(agent.instruction().claims());
        }
        if (agent.greeting() != null) {
            used.addAll(agent.greeting().claims());
        }
        Map<String, @Nullable Object> claims = new HashMap<>();
        used.forEach(name -> claims.put(name, given.get(name)));
        return claims;
    }

    private static Map<String, Object> variables(Agent agent, Map<String, JsonNode> given)
            throws AgentRefusedException {
        for (String name : given.keySet()) {
            if (!agent.variables().containsKey(name)) {
                throw new AgentRefusedException(
                        EndCause.AGENT_VARIABLE,
                        "The agent " + agent.name() + " has no variable " + quoted(name) + ".");
            }
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Variable variable : agent.variables().values()) {
            JsonNode value = given.get(variable.name());
            if (value == null) {
                if (variable.otherwise() == null) {
                    throw new AgentRefusedException(
                            EndCause.AGENT_VARIABLE,
                            "The agent " + agent.name() + " needs the variable " + variable.name() + ".");
                }
                values.put(variable.name(), variable.otherwise());
                continue;
            }
            try {
                values.put(variable.name(), variable.read(value));
            } catch (InvalidValueException e) {
                throw new AgentRefusedException(
                        EndCause.AGENT_VARIABLE,
                        "The variable " + variable.name() + " of the agent " + agent.name() + " " + e.predicate()
                                + ".");
            }
        }
        return values;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the setup of an agent is JSON", e);
        }
    }

    /** A client's text, short and on one line. */
    private static String quoted(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "\"" + (line.length() <= 40 ? line : line.substring(0, 40) + "…") + "\"";
    }
}
