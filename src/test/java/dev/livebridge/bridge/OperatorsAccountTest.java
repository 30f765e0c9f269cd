package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By default, an anonymous client's costly members do not reach Gemini under the operator's key, in any dialect. */
@QuarkusTest
@TestProfile(OperatorsAccountTest.Gemini.class)
@QuarkusTestResource(value = RecordingGemini.class, restrictToAnnotatedClass = true)
class OperatorsAccountTest {

    static final String SDK = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    /** A setup with all members that need a permission, in the spelling of each dialect. */
    static final String GREEDY = """
            {"setup":{"model":"models/gemini-3.8-live","tools":[{"fileSearch":{"fileSearchStoreNames":
             ["fileSearchStores/operators-private-store"]}},{"url_context":{}},{"codeExecution":{}},
             {"mcpServers":[{"url":"http://attacker.example/mcp"}]},{"computerUse":{}},{"googleMaps":{}},
             {"novelTool":{}}],"safety_settings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
             "systemInstruction":{"parts":[{"text":"hi"},{"fileData":{"fileUri":"files/operators-private-file"}}]},
             "proactivity":{"proactiveAudio":true,"proactiveVideo":true},"labels":{"safety_identifier":"u-1"},
             "unknownField":{"x":1},"generationConfig":{"novel":1,"candidateCount":8,"temperature":0.5,
             "speechConfig":{"voiceConfig":{"replicatedVoiceConfig":{"voiceSampleAudio":"AAAA"}}}}}}""";

    private static final String HELLO =
            "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}],\"turnComplete\":true}}";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The minimal settings of a real upstream. */
    public static class Gemini implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.session.resume-grace", "0s",
                    "livebridge.models.\"gemini-3.1-flash-live-preview\".retires", "never");
        }
    }

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    RecordingGemini gemini;

    @BeforeEach
    void nothingHasArrived() {
        gemini.forget();
    }

    private TestClient begin(String path, String setup) {
        TestClient client = TestClient.open(vertx, server, path);
        client.send(setup);
        await().until(() -> !gemini.arrived("setup").isEmpty() || client.closed());
        return client;
    }

    private JsonNode awaitArrival(String kind) {
        await().until(() -> !gemini.arrived(kind).isEmpty());
        return gemini.arrived(kind).getFirst().path(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/", SDK})
    void aSetupIsRebuiltFromWhatIsAllowed(String path) throws Exception {
        try (TestClient client = begin(path, GREEDY)) {
            JsonNode setup = gemini.arrived("setup").getFirst().path("setup");

            assertEquals(JSON.readTree("""
                    {"model":"models/gemini-3.8-live","systemInstruction":{"parts":[{"text":"hi"}]},
                     "proactivity":{"proactiveAudio":true},"labels":{"safety_identifier":"u-1"},
                     "generationConfig":{"temperature":0.5,"speechConfig":{"voiceConfig":{}},
                     "responseModalities":["AUDIO"]},"sessionResumption":{},"inputAudioTranscription":{},
                     "outputAudioTranscription":{}}"""), setup);
            if (path.equals("/live")) {
                JsonNode notices = client.awaitMessage(
                                message -> message.path("type").asText().equals("ready"))
                        .path("notices");
                assertTrue(notices.size() >= 9, notices.toPrettyString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/"})
    void aForeignHandleIsLeftOutWhereTokensResume(String path) {
        try (TestClient client = begin(path, "{\"setup\":{\"sessionResumption\":{\"handle\":\"FOREIGN\"}}}")) {
            assertFalse(client.closed());
            assertEquals(
                    "{}",
                    gemini.arrived("setup")
                            .getFirst()
                            .at("/setup/sessionResumption")
                            .toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANDLE-OF-SOMEBODY-ELSE", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"})
    void aForeignHandleIsRefusedOnGeminisWireAsAtTheService(String handle) {
        try (TestClient client = begin(SDK, "{\"setup\":{\"sessionResumption\":{\"handle\":\"" + handle + "\"}}}")) {
            client.awaitClosed();

            assertEquals((short) 1007, client.closeCode());
            assertEquals("Invalid session handle", client.closeReason());
            assertEquals(List.of(), gemini.arrived());
        }
    }

    @Test
    void geminisHandlesNeverReachAClientAndOursBringThemBack() {
        String sealed;
        try (TestClient client =
                begin(SDK, "{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"sessionResumption\":{}}}")) {
            client.awaitMessage("setupComplete");

            // When
            gemini.say("{\"sessionResumptionUpdate\":{\"newHandle\":\"geminis-own-handle\",\"resumable\":true}}");

            // Then
            sealed = client.awaitMessage("sessionResumptionUpdate")
                    .at("/sessionResumptionUpdate/newHandle")
                    .asText();
            assertFalse(sealed.isEmpty());
            assertFalse(client.received().toString().contains("geminis-own-handle"));
        }
        gemini.forget();
        try (TestClient client = begin(
                SDK,
                "{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"sessionResumption\":{\"handle\":\"" + sealed
                        + "\"}}}")) {
            client.awaitMessage("setupComplete");
            assertEquals(
                    "geminis-own-handle",
                    gemini.arrived("setup")
                            .getFirst()
                            .at("/setup/sessionResumption/handle")
                            .asText());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/", SDK})
    void aModelNobodyKnowsIsRefused(String path) {
        try (TestClient client = begin(path, "{\"setup\":{\"model\":\"models/any-live\"}}")) {
            client.awaitClosed();

            assertEquals((short) 1007, client.closeCode());
            assertEquals(List.of(), gemini.arrived());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"clientContent\":{\"turns\":[{\"parts\":[{\"text\":\"sum up\"},{\"fileData\":{\"fileUri\":\"files/private\"}}]}],\"turnComplete\":true}}",
                "{\"client_content\":{\"turns\":[{\"parts\":[{\"file_data\":{\"file_uri\":\"files/private\"}}]}]}}",
                "{\"toolResponse\":{\"functionResponses\":[{\"id\":\"1\",\"parts\":[{\"fileData\":{\"fileUri\":\"files/private\"}}]}]}}",
                "{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[{\"fileData\":{\"fileUri\":\"files/private\"}}]}}}",
            })
    void aFileOfTheOperatorsIsReadForNobody(String message) {
        for (String path : List.of("/live", "/", SDK)) {
            gemini.forget();
            try (TestClient client = begin(path, "{\"setup\":{}}")) {
                await().until(() -> !gemini.arrived("setup").isEmpty());

                client.send(message);

                if (path.equals(SDK)) {
                    client.awaitClosed();
                    assertEquals((short) 1007, client.closeCode());
                    assertTrue(client.closeReason().contains("fileData is not allowed here"), client.closeReason());
                } else {
                    JsonNode told =
                            client.awaitMessage(heard -> heard.toString().contains("not_allowed"));
                    assertTrue(told.toString().contains("livebridge.policy.file-uris"), told.toString());
                    client.send(HELLO);
                    assertEquals(
                            "hello",
                            awaitArrival("clientContent")
                                    .at("/turns/0/parts/0/text")
                                    .asText());
                }
                assertFalse(gemini.arrived().toString().contains("files/private"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/", SDK})
    void unknownMembersOfLaterMessagesGiveNoPower(String path) throws Exception {
        try (TestClient client = begin(path, "{\"setup\":{}}")) {
            client.send("{\"realtimeInput\":{\"text\":\"hi\",\"novelPower\":1},\"novelMessage\":{\"novelPower\":1}}");
            client.send(
                    "{\"clientContent\":{\"novelPower\":{},\"turns\":[{\"parts\":[{\"text\":\"a\",\"novelPower\":1}]}]}}");

            assertEquals(JSON.readTree("{\"turns\":[{\"parts\":[{\"text\":\"a\"}]}]}"), awaitArrival("clientContent"));
            assertFalse(
                    gemini.arrived().toString().contains("novel"),
                    gemini.arrived().toString());
            if (path.equals("/live")) {
                assertEquals(1, client.awaitTypes("error", 1).size());
                assertEquals(
                        "left_out",
                        client.ofType("error").getFirst().path("code").asText());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/", SDK})
    void anUpdateOfTheContextObeysTheSameRules(String path) throws Exception {
        try (TestClient client = begin(path, "{\"setup\":{}}")) {
            client.send(
                    "{\"context_update\":{\"system_instruction\":{\"parts\":[{\"text\":\"new\"}]},\"tools\":{\"tools\":["
                            + "{\"function_declarations\":[{\"name\":\"f\"}]},{\"codeExecution\":{}},{\"fileSearch\":{}}]}}}");

            assertEquals(
                    JSON.readTree("{\"systemInstruction\":{\"parts\":[{\"text\":\"new\"}]},"
                            + "\"tools\":{\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"}]}]}}"),
                    awaitArrival("contextUpdate"));
        }
    }

    @Test
    void anUpdateOfTheContextIsPartOfWhatTheNextConnectionKnows() {
        try (TestClient client = begin("/live", "{\"setup\":{\"tools\":[{\"googleSearch\":{}}]}}")) {
            client.awaitTypes("ready", 1);
            client.send(
                    "{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[{\"text\":\"new\"}]},\"tools\":{\"tools\":[]}}}");
            awaitArrival("contextUpdate");

            gemini.close();

            await().until(() -> gemini.arrived("setup").size() == 2);
            JsonNode setup = gemini.arrived("setup").getLast().path("setup");
            assertEquals("new", setup.at("/systemInstruction/parts/0/text").asText());
            assertFalse(setup.has("tools"));
        }
    }

    @Test
    void anUpdateOfTheContextOfTheWrongTypeEndsTheConversation() {
        for (String path : List.of("/live", SDK)) {
            gemini.forget();
            try (TestClient client = begin(path, "{\"setup\":{}}")) {
                await().until(() -> !gemini.arrived("setup").isEmpty());

                client.send("{\"contextUpdate\":{\"systemInstruction\":{\"parts\":[{\"text\":{\"a\":1}}]}}}");

                client.awaitClosed();
                assertEquals((short) 1007, client.closeCode());
                assertEquals(List.of(), gemini.arrived("contextUpdate"));
            }
        }
    }

    /** A call that comes as a part only, its result without a name, and the counts of its turn. */
    @Test
    void aCallInAPartCountsAndItsResultGetsItsName() {
        try (TestClient client = begin("/live", "{\"setup\":{}}")) {
            client.awaitTypes("ready", 1);
            gemini.say(
                    "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"functionCall\":{\"id\":\"c1\",\"name\":\"book\"}}]}}}");
            assertEquals(
                    "c1",
                    client.awaitTypes("toolCall", 1)
                            .getFirst()
                            .at("/calls/0/id")
                            .asText());

            client.send(
                    "{\"toolResponse\":{\"functionResponses\":[{\"id\":\"c1\",\"response\":{\"output\":\"done\"}}]}}");

            assertEquals(
                    "book",
                    awaitArrival("toolResponse").at("/functionResponses/0/name").asText());
            gemini.say("{\"toolCall\":{\"functionCalls\":[{\"id\":\"c1\",\"name\":\"book\"}]}}");
            gemini.say("{\"serverContent\":{\"turnComplete\":true}}");
            client.awaitTypes("turnComplete", 1);
            assertEquals(1, client.ofType("toolCall").size());
        }
    }

    @Test
    void typedContentGoesWhereAModelThatTakesHistoryOnlyTakesText() {
        try (TestClient client = begin(SDK, "{\"setup\":{\"model\":\"models/gemini-3.1-flash-live-preview\"}}")) {
            client.send(HELLO);

            assertEquals("hello", awaitArrival("realtimeInput").path("text").asText());
            assertEquals(List.of(), gemini.arrived("clientContent"));
        }
    }

    @Test
    void theCountsOfATurnComeInItsFrame() {
        try (TestClient client = begin(SDK, "{\"setup\":{}}")) {
            client.awaitMessage("setupComplete");
            gemini.say("{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{\"totalTokenCount\":5}}");
            gemini.say(
                    "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"text\":\"plum\",\"thoughtSignature\":\"c2ln\"}]}}}");

            assertTrue(client.awaitMessage("usageMetadata")
                    .at("/serverContent/turnComplete")
                    .asBoolean());
            JsonNode part = client.awaitMessage(
                            message -> message.at("/serverContent/modelTurn").isObject())
                    .at("/serverContent/modelTurn/parts");
            assertEquals("[{\"thoughtSignature\":\"c2ln\",\"text\":\"plum\"}]", part.toString());
            await().pollDelay(Duration.ofMillis(50))
                    .until(() -> client.all("usageMetadata").count() == 1);
        }
    }
}
