package dev.livebridge.agents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.message.EndCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentSelectionTest {

    private static final String FILE = """
            agents:
              - name: desk
                time-zone: Europe/Berlin
                instruction: Desk for {claims.name} in {locale} at {time}.
              - name: guide
                title: City guide
                instruction: Talk of {vars.topic}, {vars.count} times.
                greeting: Say something of {vars.topic}.
                vars:
                  topic: {max-length: 5}
                  count: {type: number, min: 1, max: 3, default: 2}
                  mood: {type: choice, choices: [good, bad], default: good}
                  vip: {type: switch, default: false}
            """;

    private static final AgentSelection SELECTION =
            new AgentSelection(Agents.of(FILE, "desk"), () -> Instant.parse("2026-11-28T09:30:42Z"));

    private static Permissions permissions(@Nullable Set<String> agents, @Nullable String agent) {
        return new Permissions(
                null, null, null, true, true, true, true, null, agents, agent, Permissions.Otherwise.TELL);
    }

    private static AgentRequest request(
            @Nullable String name, Map<String, JsonNode> variables, Permissions permissions, String dialect) {
        Caller caller = new Caller(
                "oidc:ada", CallerKind.BEARER, Set.of(), "", null, Caller.DEFAULT_RULE, Map.of("name", "Ada"));
        return new AgentRequest(name, variables, caller, permissions, dialect, "de-DE");
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    private static ChosenAgent chosen(AgentSelection selection, AgentRequest request) throws AgentRefusedException {
        return Objects.requireNonNull(selection.choose(request));
    }

    private static AgentRefusedException refusal(AgentRequest request) {
        return assertThrows(AgentRefusedException.class, () -> SELECTION.choose(request));
    }

    @Test
    void theInstructionHasTheValuesOfTheCaller() throws AgentRefusedException {
        ChosenAgent chosen = chosen(SELECTION, request("desk", Map.of(), Permissions.ALL, "live"));

        assertEquals(
                "{\"systemInstruction\":{\"parts\":[{\"text\":"
                        + "\"Desk for \\\"Ada\\\" in \\\"de-DE\\\" at 2026-11-28T10:30+01:00.\"}]}}",
                chosen.setup().json());
        assertNull(chosen.greeting());
    }

    @Test
    void aVariableIsDataInInstructionAndGreeting() throws AgentRefusedException {
        ChosenAgent chosen =
                chosen(SELECTION, request("guide", Map.of("topic", text("a\".\nb")), Permissions.ALL, "live"));

        assertTrue(
                chosen.setup().json().contains("Talk of \\\"a\\\\\\\".\\\\nb\\\", 2 times."),
                chosen.setup().json());
        assertEquals("Say something of \"a\\\".\\nb\".", chosen.greeting());
        assertFalse(chosen.toString().contains("Say"), "a record that is printed shows nothing");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "desk, -, -, live, desk",
                "-, -, -, live, -",
                "-, -, guide, live, guide",
                "desk, -, guide, live, desk",
                "-, -, -, tutorial, desk",
                "-, -, guide, tutorial, guide",
                "-, -, -, gemini, -",
                "guide, guide, guide, live, guide",
            })
    void theClientThenTheRuleThenThePath(
            @Nullable String named,
            @Nullable String listed,
            @Nullable String ofRule,
            String dialect,
            @Nullable String expected)
            throws AgentRefusedException {
        Permissions permissions = permissions(listed == null ? null : Set.of(listed), ofRule);
        Map<String, JsonNode> variables = "guide".equals(expected) ? Map.of("topic", text("tea")) : Map.of();

        ChosenAgent chosen = SELECTION.choose(request(named, variables, permissions, dialect));

        assertEquals(expected, chosen == null ? null : chosen.setup().name());
    }

    @Test
    void anAgentOfOthersIsRefusedInTheWordsOfOneThatDoesNotExist() {
        AgentRefusedException unknown = refusal(request("nemo", Map.of(), permissions(Set.of("guide"), null), "live"));
        AgentRefusedException foreign = refusal(request("desk", Map.of(), permissions(Set.of("guide"), null), "live"));

        assertEquals(EndCause.AGENT_UNKNOWN, unknown.endCause());
        assertEquals(EndCause.AGENT_UNKNOWN, foreign.endCause());
        assertEquals(unknown.sentence().replace("nemo", "desk"), foreign.sentence());
    }

    @Test
    void aCallerWithAListNeedsAnAgent() {
        assertEquals(
                EndCause.AGENT_UNKNOWN,
                refusal(request(null, Map.of(), permissions(Set.of("guide"), null), "live"))
                        .endCause());
        assertEquals(
                EndCause.AGENT_UNKNOWN,
                refusal(request(null, Map.of(), permissions(Set.of("guide"), null), "tutorial"))
                        .endCause(),
                "the agent of the path is none of its own");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic|teatime|at most 5 characters",
                "topic|3|must be a text",
                "topic|null|must be a text",
                "topic|[1]|must be a text",
                "count|0|from 1 to 3",
                "count|4|from 1 to 3",
                "count|\"1e0\"|a number",
                "count|true|a number",
                "count|\"two\"|a number",
                "mood|\"odd\"|one of good, bad",
                "vip|\"maybe\"|true or false",
                "vip|1|true or false",
                "price|1|has no variable \"price\"",
            })
    void aValueThatDoesNotFitIsNamed(String name, String value, String fault) throws IOException {
        JsonNode json = value.equals("teatime")
                ? text(value)
                : new com.fasterxml.jackson.databind.ObjectMapper().readTree(value);
        Map<String, JsonNode> variables = new TreeMap<>(Map.of("topic", text("tea")));
        variables.put(name, json);

        AgentRefusedException refused = refusal(request("guide", variables, Permissions.ALL, "live"));

        assertEquals(EndCause.AGENT_VARIABLE, refused.endCause());
        assertTrue(refused.sentence().contains(name) && refused.sentence().contains(fault), refused.sentence());
    }

    @Test
    void aVariableWithoutADefaultIsNeededAndVariablesNeedAnAgent() {
        assertTrue(refusal(request("guide", Map.of(), Permissions.ALL, "live"))
                .sentence()
                .contains("needs the variable topic"));
        assertEquals(
                EndCause.AGENT_VARIABLE,
                refusal(request(null, Map.of("topic", text("tea")), Permissions.ALL, "live"))
                        .endCause());
    }

    @Test
    void theCallerSeesTheTitlesOfItsAgents() {
        Agents agents = Agents.of(FILE, null);

        assertEquals(
                List.of(new AgentTitle("desk", "desk"), new AgentTitle("guide", "City guide")),
                agents.titles(Permissions.ALL));
        assertEquals(List.of(new AgentTitle("guide", "City guide")), agents.titles(permissions(Set.of("guide"), null)));
    }

    @Test
    void aChangedFileHoldsForNewConversationsAndABrokenOneNot(@TempDir Path folder) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("agents.yaml"), "agents: [{name: a, instruction: One.}]");
        AgentSelection selection = new AgentSelection(Agents.of(file));
        AgentRequest request = request("a", Map.of(), Permissions.ALL, "live");
        ChosenAgent before = chosen(selection, request);

        // When
        Files.writeString(file, "agents: [{name: a, instruction: Two.}]");

        // Then
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !chosen(selection, request)
                        .setup()
                        .version()
                        .equals(before.setup().version()));
        assertTrue(chosen(selection, request).setup().json().contains("Two."));
        assertTrue(before.setup().json().contains("One."), "a conversation keeps its version");
        Files.writeString(file, "agents: [{name: a, mood: bad}]");
        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> chosen(selection, request).setup().json().contains("Two."));
    }
}
