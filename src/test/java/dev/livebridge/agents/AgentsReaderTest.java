package dev.livebridge.agents;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.InvalidRulesException;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of agents is read as it says, and a faulty one is refused with the line of its fault. */
class AgentsReaderTest {

    private static final String FILE = """
            agents:
              - name: desk
                title: Front desk
                model: models/gemini-3.8-live
                fallbacks: [gemini-2.5-flash-native-audio-latest]
                voice: Kore
                language: de-DE
                modalities: [audio]
                time-zone: Europe/Berlin
                instruction: |
                  You sit at the desk.
                  Speak {locale}.
                greeting: Greet {claims.name}.
                vars:
                  topic: {type: text, max-length: 10}
                generation: {temperature: 0.5, topK: 3, thinkingConfig: {thinkingBudget: 0}}
                turn-taking:
                  automaticActivityDetection: {disabled: true}
                tools:
                  - functionDeclarations:
                      - name: switch
                        parameters: {type: STRING, enum: [yes, no]}
                override: [voice, turn-taking]
                transcripts: false
                limits: {max-duration: 10m, tokens: 5000, usd: 0.5}
              - name: bare
            """;

    private static Agent first(String yaml) throws InvalidRulesException {
        return AgentsReader.read(yaml).values().iterator().next();
    }

    @Test
    void everyMemberIsRead() throws InvalidRulesException {
        Map<String, Agent> agents = AgentsReader.read(FILE);

        Agent desk = requireNonNull(agents.get("desk"));
        assertEquals("Front desk", desk.title());
        assertEquals(List.of("gemini-3.8-live", "gemini-2.5-flash-native-audio-latest"), desk.models());
        assertEquals(ZoneId.of("Europe/Berlin"), desk.zone());
        assertEquals(Set.of(AgentPart.VOICE, AgentPart.TURN_TAKING), desk.overrides());
        assertFalse(desk.transcripts());
        assertEquals(new AgentSetup.Limits(Duration.ofMinutes(10), 5_000L, 500_000L), desk.limits());
        assertEquals(
                "{\"generationConfig\":{\"temperature\":0.5,\"topK\":3,\"thinkingConfig\":{\"thinkingBudget\":0},"
                        + "\"responseModalities\":[\"AUDIO\"],\"speechConfig\":{\"voiceConfig\":{"
                        + "\"prebuiltVoiceConfig\":{\"voiceName\":\"Kore\"}},\"languageCode\":\"de-DE\"}},"
                        + "\"realtimeInputConfig\":{\"automaticActivityDetection\":{\"disabled\":true}},"
                        + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"switch\",\"parameters\":{"
                        + "\"type\":\"STRING\",\"enum\":[\"yes\",\"no\"]}}]}]}",
                desk.setup());
        Agent bare = requireNonNull(agents.get("bare"));
        assertEquals("bare", bare.title());
        assertEquals("{}", bare.setup());
        assertTrue(bare.transcripts());
        assertEquals(AgentSetup.Limits.NONE, bare.limits());
    }

    @Test
    void theVersionChangesWithTheEntryAndWithNothingElse() throws InvalidRulesException {
        String version = first(FILE).version();

        assertEquals(version, first(FILE + "  - name: more\n").version());
        assertEquals(version, first("# A comment.\n" + FILE).version());
        assertNotEquals(version, first(FILE.replace("at the desk", "at a desk")).version());
        assertNotEquals(version, first(FILE.replace("0.5,", "0.6,")).version());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|''|is empty",
                "1|'agents: []'|1 to 200 agents",
                "1|'agents: {name: a}'|1 to 200 agents",
                "2|'agents:\n  - {title: A}'|needs a name",
                "2|'agents:\n  - {name: A b}'|needs a name",
                "2|'agents:\n  - {name: a, mood: good}'|mood",
                "3|'agents:\n  - {name: a}\n  - {name: a}'|two agents",
                "3|'agents:\n  - name: a\n    title: \"a\\nb\"'|one line",
                "3|'agents:\n  - name: a\n    model: agent-b'|id of a model",
                "3|'agents:\n  - name: a\n    model: \"a/b c\"'|id of a model",
                "3|'agents:\n  - name: a\n    fallbacks: [b]'|need a model",
                "4|'agents:\n  - name: a\n    model: b\n    fallbacks: [b]'|twice",
                "3|'agents:\n  - name: a\n    modalities: [smell]'|smell",
                "3|'agents:\n  - name: a\n    time-zone: Mars'|time-zone",
                "3|'agents:\n  - name: a\n    override: [price]'|price",
                "3|'agents:\n  - name: a\n    transcripts: maybe'|true or false",
                "3|'agents:\n  - name: a\n    limits: {minutes: 3}'|minutes",
                "3|'agents:\n  - name: a\n    limits: {usd: -1}'|a number from 0",
                "5|'agents:\n  - name: a\n    generation:\n      topK: 3\n      temperature: warm'|generation.temperature must be a number",
                "3|'agents:\n  - name: a\n    generation: {heat: 1}'|generation.heat",
                "2|'agents:\n  - name: a\n    generation: {responseModalities: [AUDIO]}'|modalities",
                "3|'agents:\n  - name: a\n    generation: [1]'|generation must be a mapping",
                "3|'agents:\n  - name: a\n    generation: {temperature: 1e9}'|without an exponent",
                "3|'agents:\n  - name: a\n    generation: {temperature: }'|missing",
                "3|'agents:\n  - name: a\n    turn-taking: {mode: x}'|turn-taking.mode",
                "4|'agents:\n  - name: a\n    tools:\n      - {toaster: {}}'|tools.0.toaster",
                "3|'agents:\n  - name: a\n    tools: {googleSearch: {}}'|tools must be a list",
                "3|'agents:\n  - name: a\n    instruction: [a]'|must be a text",
                "3|'agents:\n  - name: a\n    instruction: Say {vars.x}.'|vars.x",
                "5|'agents:\n  - name: a\n    instruction: |\n      a\n      b {vars.x}'|vars.x",
                "4|'agents:\n  - name: a\n    vars:\n      x: {type: colour}'|colour",
                "4|'agents:\n  - name: a\n    vars:\n      x y: {}'|letters",
                "4|'agents:\n  - name: a\n    vars:\n      x: {type: choice}'|choices",
                "4|'agents:\n  - name: a\n    vars:\n      x: {max-length: 0}'|from 1 to 2000",
                "4|'agents:\n  - name: a\n    vars:\n      x: {max-length: 2, default: abc}'|at most 2 characters",
                "4|'agents:\n  - name: a\n    vars:\n      x: {type: number, min: 2, max: 1}'|larger than its max",
                "4|'agents:\n  - name: a\n    vars:\n      x: {type: number, choices: [a]}'|choices",
            })
    void aFaultIsNamedWithItsLine(int line, String yaml, String fault) {
        InvalidRulesException refused =
                assertThrows(InvalidRulesException.class, () -> AgentsReader.read(yaml == null ? "" : yaml));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith("line " + line + ": "), message);
        assertTrue(message.contains(fault), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agents:\n  - name: a\n    tools: &t\n      - *t",
                "agents:\n  - name: a\n    generation: !!javax.script.ScriptEngineManager {}",
                "agents:\n  - name: a\n    tools: [{functionDeclarations: [{name: f, parameters: {? [a] : b}}]}]"
            })
    void neitherLoopsNorTypesDoHarm(String yaml) {
        assertThrows(InvalidRulesException.class, () -> AgentsReader.read(yaml));
    }

    @Test
    void anAgentIsSmallEnoughForASealedToken() {
        String description = "x".repeat(AgentsReader.MAX_SETUP_BYTES);
        String yaml = "agents:\n  - name: a\n    tools: [{functionDeclarations: [{name: f, description: " + description
                + "}]}]\n";

        InvalidRulesException refused = assertThrows(InvalidRulesException.class, () -> AgentsReader.read(yaml));

        assertTrue(String.valueOf(refused.getMessage()).contains("at most"), refused.getMessage());
    }

    @Test
    void theExamplesAreThreeGoodAgents() throws InvalidRulesException {
        assertEquals(
                List.of("receptionist", "tutor", "quizmaster"),
                List.copyOf(AgentsReader.read(Agents.examples()).keySet()));
    }

    @Test
    void theFileOfTheKubernetesComponentIsThatOfTheExamples() throws IOException {
        String deployed = Files.readString(Path.of("deploy/components/agents/agents.yaml"));

        assertEquals(
                Agents.examples().lines().skip(1).toList(),
                deployed.lines().skip(1).toList());
    }

    @Test
    void theExampleOfThePageIsAnAgent() throws IOException, InvalidRulesException {
        String page = Files.readString(Path.of("docs/agents.md"));
        int begin = page.indexOf("agents:\n  - name: receptionist");

        assertEquals(
                "receptionist",
                first(page.substring(begin, page.indexOf("```", begin))).name());
    }
}
