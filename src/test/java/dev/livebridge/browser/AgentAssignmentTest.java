package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.agents.AgentRefusedException;
import dev.livebridge.agents.AgentSelection;
import dev.livebridge.agents.Agents;
import dev.livebridge.browser.AgentAssignment.Handshake;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent of a client's first frame. */
class AgentAssignmentTest {

    private static final String FILE = """
            agents:
              - name: desk
                instruction: Speak {locale}.
                greeting: Greet.
              - name: guide
                instruction: Talk of {vars.topic}.
                vars:
                  topic: {default: tea}
              - name: ward
                model: gemini-3.8-live
                fallbacks: [gemini-2.5-flash-native-audio-latest]
            """;

    private static final AgentAssignment ASSIGNMENT = new AgentAssignment(new AgentSelection(Agents.of(FILE, "desk")));
    private static final Caller CALLER = new Caller("open:1", CallerKind.OPEN, Set.of(), "", null, Caller.DEFAULT_RULE);

    private static List<ClientMessage> assign(ClientMessage.Setup setup, @Nullable String query, String dialect)
            throws AgentRefusedException {
        return ASSIGNMENT.into(
                List.of(setup), new Handshake(query, "de-AT,en;q=0.5"), CALLER, Permissions.ALL, dialect);
    }

    private static ClientMessage.Setup setup(List<ClientMessage> messages) {
        return assertInstanceOf(ClientMessage.Setup.class, messages.getFirst());
    }

    private static AgentSetup agent(List<ClientMessage> messages) {
        return Objects.requireNonNull(setup(messages).agent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{}|agent=guide|live|guide|{}",
                "{}|a=b&agent=guide|gemini|guide|{}",
                "{\"model\":\"models/agent-guide\"}|-|gemini|guide|{}",
                "{\"model\":\"agent-guide\",\"labels\":{}}|-|live|guide|{\"labels\":{}}",
                "{\"model\":\"models/agent-guide\"}|agent=guide|live|guide|{}",
                "{\"model\":\"models/gemini-3.8-live\"}|agent=guide|live|guide|{\"model\":\"models/gemini-3.8-live\"}",
                "{}|agent=|tutorial|desk|{}",
                "{}|-|tutorial|desk|{}",
            })
    void namedInTheQueryOrAsAModelOrByThePath(
            String json, @Nullable String query, String dialect, String expected, String rest) throws Exception {
        List<ClientMessage> messages = assign(new ClientMessage.Setup(json), query, dialect);

        assertEquals(expected, agent(messages).name());
        assertEquals(rest, setup(messages).json(), "what is left for the model");
    }

    /** Otherwise the fallback would follow on a model that the setup still names. */
    @ParameterizedTest
    @ValueSource(strings = {"models/gemini-2.5-flash-native-audio-latest", "gemini-2.5-flash-native-audio-latest"})
    void aModelOfTheAgentBeginsTheConversation(String model) throws Exception {
        List<ClientMessage> messages =
                assign(new ClientMessage.Setup("{\"model\":\"" + model + "\"}"), "agent=ward", "live");

        assertEquals(
                List.of("gemini-2.5-flash-native-audio-latest", "gemini-3.8-live"),
                agent(messages).models());
        assertEquals("{}", setup(messages).json());
    }

    @Test
    void aSemicolonIsPartOfAValue() throws Exception {
        assertTrue(agent(assign(new ClientMessage.Setup("{}"), "agent=guide&vars.topic=a;b", "live"))
                .json()
                .contains("a;b"));
    }

    @Test
    void withoutAnAgentNothingChanges() throws Exception {
        ClientMessage.Setup plain = new ClientMessage.Setup("{\"model\":\"models/gemini-3.8-live\"}");

        assertEquals(List.of(plain), assign(plain, "resume&x=1", "live"));
        assertEquals(List.of(plain), assign(plain, null, "gemini"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|agent=nemo|AGENT_UNKNOWN",
                "{}|agent=guide&agent=desk|AGENT_UNKNOWN",
                "{}|agent=guide&agent=guide|AGENT_UNKNOWN",
                "{\"model\":\"models/agent-guide\"}|agent=desk|AGENT_UNKNOWN",
                "{\"model\":\"models/agent-\"}|a=b|AGENT_UNKNOWN",
                "{\"model\":\"models/agent-../x\"}|a=b|AGENT_UNKNOWN",
                "{}|x=%|AGENT_VARIABLE",
                "{}|x=%zz|AGENT_VARIABLE",
                "{}|agent=guide&vars.mood=x|AGENT_VARIABLE",
                "{}|agent=guide&vars.topic=x&vars.topic=y|AGENT_VARIABLE",
                "{}|vars.topic=x|AGENT_VARIABLE",
                "{}|agent=guide&locale=a&locale=b|AGENT_UNKNOWN",
            })
    void whatCannotBeIsRefusedByName(String json, String query, EndCause cause) {
        AgentRefusedException refused =
                assertThrows(AgentRefusedException.class, () -> assign(new ClientMessage.Setup(json), query, "live"));

        assertEquals(cause, refused.endCause());
    }

    @Test
    void variablesComeFromTheFrameOrTheQueryButEachFromOne() throws Exception {
        ClientMessage.Setup inFrame = new ClientMessage.Setup("{}", null, null, "{\"topic\":\"coffee\"}");

        assertTrue(agent(assign(inFrame, "agent=guide", "live")).json().contains("coffee"));
        assertTrue(agent(assign(new ClientMessage.Setup("{}"), "agent=guide&vars.topic=milk%20%26%22", "live"))
                .json()
                .contains("milk &\\\\\\\""));
        assertThrows(AgentRefusedException.class, () -> assign(inFrame, "agent=guide&vars.topic=milk", "live"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-|de-AT,en;q=0.5|de-AT",
                "fr-FR|de-AT|fr-FR",
                "-|*, en-GB|en-GB",
                "-|-|en",
                "-|{claims.name}|en",
                "a b\" ignore|de|en",
            })
    void theLanguageIsAWellFormedTag(@Nullable String asked, @Nullable String header, String expected)
            throws Exception {
        String query = "agent=desk" + (asked == null ? "" : "&locale=" + asked);

        List<ClientMessage> messages = ASSIGNMENT.into(
                List.of(new ClientMessage.Setup("{}")), new Handshake(query, header), CALLER, Permissions.ALL, "live");

        assertTrue(
                agent(messages).json().contains("Speak \\\"" + expected + "\\\"."),
                agent(messages).json());
    }

    @Test
    void theGreetingFollowsTheSetupUnlessThereIsHistory() throws Exception {
        assertEquals(
                List.of(new ClientMessage.GreetingPrompt("Greet.")),
                assign(new ClientMessage.Setup("{}"), "agent=desk", "live").subList(1, 2));
        assertEquals(
                1, assign(new ClientMessage.Setup("{}"), "agent=guide", "live").size());
        assertEquals(
                1,
                assign(
                                new ClientMessage.Setup("{\"historyConfig\":{\"initialHistoryInClientContent\":true}}"),
                                "agent=desk",
                                "live")
                        .size());
    }

    @Test
    void aHandleBringsTheAgentAsItWas() throws Exception {
        AgentSetup earlier = agent(assign(new ClientMessage.Setup("{}"), "agent=guide&vars.topic=milk", "gemini"));
        ClientMessage.Resumption resumption = new ClientMessage.Resumption("h", "m", earlier, null);

        List<ClientMessage> messages =
                assign(new ClientMessage.Setup("{\"model\":\"models/agent-guide\"}", resumption), null, "gemini");

        assertEquals(1, messages.size(), "no greeting");
        assertEquals(earlier, agent(messages));
        assertEquals("{}", setup(messages).json());
        assertEquals(
                EndCause.AGENT_UNKNOWN,
                assertThrows(
                                AgentRefusedException.class,
                                () -> assign(new ClientMessage.Setup("{}", resumption), "agent=desk", "gemini"))
                        .endCause());
        assertEquals(
                earlier,
                agent(assign(new ClientMessage.Setup("{}", resumption), null, "gemini")),
                "a client can't drop the agent");
    }

    @Test
    void otherMessagesOfTheFrameStay() throws Exception {
        ClientMessage.UserTurn typed = new ClientMessage.UserTurn("hi");

        List<ClientMessage> messages = ASSIGNMENT.into(
                List.of(new ClientMessage.Setup("{}"), typed),
                new Handshake("agent=guide", null),
                CALLER,
                Permissions.ALL,
                "live");

        assertEquals(typed, messages.getLast());
        assertFalse(messages.isEmpty());
        assertNull(setup(messages).variables());
    }
}
