package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.access.rules.Permissions;
import dev.livebridge.access.rules.Permissions.Otherwise;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.AgentPart;
import dev.livebridge.message.AgentSetup;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client's setup and its agent. JSON is written with single quotes. */
class AgentFittingTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES);
    private static final ModelCatalogue CATALOGUE = Settings.catalogue();
    private static final String SECRET = "canary-instruction";
    private static final String OWN = "{'systemInstruction':{'parts':[{'text':'" + SECRET + "'}]},"
            + "'generationConfig':{'temperature':0.5,'speechConfig':{'voiceConfig':{'prebuiltVoiceConfig':"
            + "{'voiceName':'Kore'}}}},'tools':[{'googleSearch':{}}],"
            + "'realtimeInputConfig':{'automaticActivityDetection':{'silenceDurationMs':700}}}";

    private static String json(String text) {
        try {
            return JSON.readTree(text).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static AgentSetup agent(AgentPart... overrides) {
        Set<AgentPart> parts = EnumSet.noneOf(AgentPart.class);
        parts.addAll(List.of(overrides));
        return new AgentSetup(
                "desk",
                "v1",
                json(OWN),
                List.of("gemini-2.5-flash-native-audio-latest"),
                parts,
                true,
                AgentSetup.Limits.NONE);
    }

    private static Negotiated fit(String client, AgentSetup agent, Map<String, String> settings)
            throws UpstreamRefusedException {
        LivebridgeConfig config = Settings.livebridge(settings);
        return new SetupFitting(CATALOGUE, config.gemini(), new ClientPolicy(config), Permissions.ALL)
                .fit(new ClientMessage.Setup(json(client), null, agent), new Continuation.New(), "gemini")
                .negotiated();
    }

    private static Negotiated fit(String client, AgentSetup agent) throws UpstreamRefusedException {
        return fit(client, agent, Map.of());
    }

    private static JsonNode sent(Negotiated negotiated) throws JsonProcessingException {
        return JSON.readTree(negotiated.setup());
    }

    @Test
    void theModelGetsTheAgentAndTheClientSeesNoInstruction() throws Exception {
        Negotiated agreed = fit("{'outputAudioTranscription':{}}", agent());

        assertEquals("gemini-2.5-flash-native-audio-latest", agreed.model());
        assertEquals(SECRET, sent(agreed).at("/systemInstruction/parts/0/text").asText());
        assertEquals(0.5, sent(agreed).at("/generationConfig/temperature").asDouble());
        assertEquals(
                "Kore",
                sent(agreed)
                        .at("/generationConfig/speechConfig/voiceConfig/prebuiltVoiceConfig/voiceName")
                        .asText());
        assertTrue(sent(agreed).at("/tools/0").has("googleSearch"));
        assertTrue(agreed.forwardTranscription());
        assertFalse(agreed.shownSetup().contains(SECRET), agreed.shownSetup());
        assertEquals(
                AgentFitting.REDACTED,
                JSON.readTree(agreed.shownSetup())
                        .at("/systemInstruction/parts/0/text")
                        .asText());
        assertFalse(agreed.notices().toString().contains(SECRET), "no notice quotes it");
    }

    /** A client may replace the instruction, but what it sends does not count: the model gets that of the agent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'systemInstruction':{}}",
                "{'systemInstruction':null}",
                "{'systemInstruction':{'parts':[{'text':'" + SECRET + "'}]}}",
            })
    void theInstructionIsHiddenUnlessTheClientReplacesIt(String client) throws Exception {
        Negotiated agreed = fit(client, agent(AgentPart.INSTRUCTION));

        assertEquals(SECRET, sent(agreed).at("/systemInstruction/parts/0/text").asText());
        assertFalse(agreed.shownSetup().contains(SECRET), agreed.shownSetup());
    }

    @Test
    void theInstructionIsHiddenIfTheCallerMayNotReplaceIt() throws Exception {
        LivebridgeConfig config = Settings.livebridge(Map.of());
        Permissions withoutInstruction =
                new Permissions(null, null, null, false, true, true, true, null, null, null, Otherwise.TELL);
        Negotiated agreed = new SetupFitting(CATALOGUE, config.gemini(), new ClientPolicy(config), withoutInstruction)
                .fit(
                        new ClientMessage.Setup(
                                json("{'systemInstruction':{'parts':[{'text':'mine'}]}}"),
                                null,
                                agent(AgentPart.INSTRUCTION)),
                        new Continuation.New(),
                        "gemini")
                .negotiated();

        assertEquals(SECRET, sent(agreed).at("/systemInstruction/parts/0/text").asText());
        assertFalse(agreed.shownSetup().contains(SECRET), agreed.shownSetup());
    }

    @Test
    void theOperatorsPolicyForClientsDoesNotConcernTheAgent() throws Exception {
        Negotiated agreed = fit(
                "{'labels':{'a':'b'}}",
                agent(),
                Map.of(
                        "livebridge.policy.tools", "functionDeclarations",
                        "livebridge.policy.system-instruction", "fixed",
                        "livebridge.policy.system-instruction-text", "For clients without an agent.",
                        "livebridge.policy.max-output-tokens", "100",
                        "livebridge.policy.labels", "team=x"));

        assertEquals(SECRET, sent(agreed).at("/systemInstruction/parts/0/text").asText());
        assertTrue(sent(agreed).at("/tools/0").has("googleSearch"));
        assertEquals(100, sent(agreed).at("/generationConfig/maxOutputTokens").asInt());
        assertEquals("x", sent(agreed).at("/labels/team").asText());
    }

    /** What a client would replace, for each part. */
    private static String replacing(AgentPart part) {
        return switch (part) {
            case MODEL -> "{'model':'models/gemini-3.8-live'}";
            case VOICE ->
                "{'generationConfig':{'speechConfig':{'voiceConfig':{'prebuiltVoiceConfig':{'voiceName':'Puck'}}}}}";
            case LANGUAGE -> "{'generationConfig':{'speechConfig':{'languageCode':'fr-FR'}}}";
            case MODALITIES -> "{'generationConfig':{'responseModalities':['TEXT']}}";
            case GENERATION -> "{'generationConfig':{'temperature':1.5}}";
            case INSTRUCTION -> "{'systemInstruction':{'parts':[{'text':'mine'}]}}";
            case TURN_TAKING -> "{'realtimeInputConfig':{'automaticActivityDetection':{'disabled':true}}}";
            case TOOLS -> "{'tools':[{'functionDeclarations':[{'name':'f'}]}]}";
        };
    }

    @ParameterizedTest
    @EnumSource
    void aPartThatIsNotOpenIsRefusedByName(AgentPart part) {
        AgentPart[] others = EnumSet.complementOf(EnumSet.of(part)).toArray(AgentPart[]::new);

        UpstreamRefusedException refused =
                assertThrows(UpstreamRefusedException.class, () -> fit(replacing(part), agent(others)));

        assertEquals(EndCause.AGENT_OVERRIDE, refused.end().cause());
        assertTrue(refused.end().message().contains("desk"), refused.end().message());
        assertFalse(refused.end().message().contains(SECRET), refused.end().message());
    }

    @ParameterizedTest
    @EnumSource
    void aPartThatIsOpenIsTheClients(AgentPart part) throws Exception {
        Negotiated agreed = fit(replacing(part), agent(part));

        JsonNode sent = sent(agreed);
        switch (part) {
            case MODEL -> assertEquals("gemini-3.8-live", agreed.model());
            case VOICE ->
                assertTrue(agreed.setup().contains("Puck") && !agreed.setup().contains("Kore"));
            case LANGUAGE -> assertTrue(agreed.setup().contains("Kore"), "the voice stays the agent's");
            case MODALITIES -> assertTrue(agreed.transcriptAsText());
            case GENERATION ->
                assertEquals(1.5, sent.at("/generationConfig/temperature").asDouble());
            case INSTRUCTION -> {
                assertEquals("mine", sent.at("/systemInstruction/parts/0/text").asText());
                assertTrue(agreed.shownSetup().contains("mine"), "it is the client's own");
                assertFalse(agreed.setup().contains(SECRET));
            }
            case TURN_TAKING -> assertFalse(agreed.automaticTurns());
            case TOOLS -> assertFalse(agreed.setup().contains("googleSearch"), agreed.setup());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'model':'models/gemini-2.5-flash-native-audio-latest'}",
                "{'generationConfig':{'responseModalities':['AUDIO']}}",
                "{'generationConfig':{},'tools':[],'systemInstruction':null,'realtimeInputConfig':{}}",
                "{'generationConfig':{'temperature':0.5}}",
                "{'tools':[{'googleSearch':{}}]}",
                "{'inputAudioTranscription':{},'sessionResumption':{},'labels':{'a':'b'}}"
            })
    void whatIsNoOtherValueIsNoOverride(String client) throws Exception {
        assertEquals(
                sent(fit("{}", agent())).at("/generationConfig"),
                sent(fit(client, agent())).at("/generationConfig"));
    }

    @Test
    void membersThatHaveNoPartNeedTheRightToGeneration() {
        for (String client : List.of(
                "{'safetySettings':[{'category':'a','threshold':'BLOCK_LOW_AND_ABOVE'}]}",
                "{'proactivity':{'proactiveAudio':true}}",
                "{'contextWindowCompression':{'triggerTokens':'5000'}}",
                "{'somethingNew':{'a':1}}",
                "{'temperature':1.5}")) {
            assertEquals(
                    EndCause.AGENT_OVERRIDE,
                    assertThrows(UpstreamRefusedException.class, () -> fit(client, agent()), client)
                            .end()
                            .cause());
        }
    }

    @Test
    void hiddenTranscriptsReachNoClient() throws Exception {
        AgentSetup hidden = new AgentSetup("desk", "v1", json(OWN), List.of(), Set.of(), false, AgentSetup.Limits.NONE);

        Negotiated agreed = fit("{'inputAudioTranscription':{},'outputAudioTranscription':{}}", hidden);

        assertFalse(agreed.forwardTranscription());
        assertFalse(agreed.forwardUserTranscription());
        assertTrue(
                agreed.notices().toString().contains("not offered by the agent desk"),
                agreed.notices().toString());
        assertEquals("gemini-3.8-live", agreed.model(), "an agent without a model has the configured one");
    }

    @Test
    void aRetiredModelOfTheAgentIsPassedOver() throws Exception {
        AgentSetup old = new AgentSetup(
                "desk",
                "v1",
                "{}",
                List.of("gemini-2.0-flash-live-001", "gemini-3.1-flash-live-preview"),
                Set.of(),
                true,
                AgentSetup.Limits.NONE);
        assertTrue(CATALOGUE.isRetired("gemini-2.0-flash-live-001"), "else this shows nothing");

        assertEquals("gemini-3.1-flash-live-preview", fit("{}", old).model());
    }

    @Test
    void anUpdateOfTheContextIsAnOverrideToo() {
        LivebridgeConfig config = Settings.livebridge(Map.of());
        ContextFitting fitting =
                new ContextFitting(CATALOGUE.find("gemini-3.8-live"), new ClientPolicy(config), Permissions.ALL);
        ClientMessage.ContextUpdate instruction =
                new ClientMessage.ContextUpdate(json("{'systemInstruction':{'parts':[{'text':'mine'}]}}"));
        ClientMessage.ContextUpdate tools = new ClientMessage.ContextUpdate(json("{'tools':{'tools':[]}}"));

        for (ClientMessage.ContextUpdate update : List.of(instruction, tools)) {
            assertEquals(
                    EndCause.AGENT_OVERRIDE,
                    assertThrows(
                                    UpstreamRefusedException.class,
                                    () -> fitting.fit(update, new ClientMessage.Setup("{}", null, agent())))
                            .end()
                            .cause());
        }
    }

    @Test
    void aPermittedUpdateKeepsTheAgent() throws Exception {
        LivebridgeConfig config = Settings.livebridge(Map.of());
        ContextFitting fitting =
                new ContextFitting(CATALOGUE.find("gemini-3.8-live"), new ClientPolicy(config), Permissions.ALL);
        AgentSetup open = agent(AgentPart.INSTRUCTION);

        ClientMessage.Setup changed = fitting.fit(
                        new ClientMessage.ContextUpdate(json("{'systemInstruction':{'parts':[{'text':'mine'}]}}")),
                        new ClientMessage.Setup("{}", null, open))
                .setup();

        assertEquals(open, changed.agent());
        assertTrue(changed.json().contains("mine"));
    }
}
