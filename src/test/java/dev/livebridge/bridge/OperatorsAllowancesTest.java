package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same setups if the operator allows all members. */
@QuarkusTest
@TestProfile(OperatorsAllowancesTest.AllAllowed.class)
@QuarkusTestResource(value = RecordingGemini.class, restrictToAnnotatedClass = true)
class OperatorsAllowancesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All permissions, and the operator's own instruction. */
    public static class AllAllowed implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    Map.entry("livebridge.session.resume-grace", "0s"),
                    Map.entry("livebridge.policy.unknown-models", "pass"),
                    Map.entry(
                            "livebridge.policy.tools",
                            "fileSearch,urlContext,codeExecution,mcpServers,computerUse,googleMaps,functionDeclarations"),
                    Map.entry("livebridge.policy.file-uris", "true"),
                    Map.entry("livebridge.policy.safety-settings", "true"),
                    Map.entry("livebridge.policy.custom-voices", "true"),
                    Map.entry("livebridge.policy.proactive-video", "true"),
                    Map.entry("livebridge.policy.unknown-members", "true"),
                    Map.entry("livebridge.policy.labels", "team=ops"),
                    Map.entry("livebridge.policy.max-output-tokens", "1000"),
                    Map.entry("livebridge.policy.system-instruction", "prefix"),
                    Map.entry("livebridge.policy.system-instruction-text", "Be brief."));
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

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/", OperatorsAccountTest.SDK})
    void letEverythingThrough(String path) throws Exception {
        try (TestClient client = TestClient.open(vertx, server, path)) {
            client.send(OperatorsAccountTest.GREEDY.replace("gemini-3.8-live", "any-live"));
            await().until(() -> !gemini.arrived("setup").isEmpty());
            client.send(
                    "{\"clientContent\":{\"turns\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"files/1\"}}],\"novel\":1}]}}");
            await().until(() -> !gemini.arrived("clientContent").isEmpty());
            client.send("{\"novelMessage\":{\"a\":[1,{\"b\":null}]}}");
            await().until(() -> !gemini.arrived("novelMessage").isEmpty());
            assertEquals(
                    JSON.readTree("{\"novelMessage\":{\"a\":[1,{\"b\":null}]}}"),
                    gemini.arrived("novelMessage").getFirst());

            JsonNode setup = gemini.arrived("setup").getFirst().path("setup");
            assertEquals(JSON.readTree("""
                    {"model":"models/any-live","tools":[{"fileSearch":{"fileSearchStoreNames":
                     ["fileSearchStores/operators-private-store"]}},{"urlContext":{}},{"codeExecution":{}},
                     {"mcpServers":[{"url":"http://attacker.example/mcp"}]},{"computerUse":{}},{"googleMaps":{}},
                     {"novelTool":{}}],"safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],
                     "systemInstruction":{"parts":[{"text":"Be brief."},{"text":"hi"},
                     {"fileData":{"fileUri":"files/operators-private-file"}}]},
                     "proactivity":{"proactiveAudio":true,"proactiveVideo":true},
                     "labels":{"safety_identifier":"u-1","team":"ops"},"unknownField":{"x":1},
                     "generationConfig":{"novel":1,"temperature":0.5,"maxOutputTokens":1000,"responseModalities":["AUDIO"],
                     "speechConfig":{"voiceConfig":{"replicatedVoiceConfig":{"voiceSampleAudio":"AAAA"}}}},
                     "sessionResumption":{},"inputAudioTranscription":{},"outputAudioTranscription":{}}"""), setup);
            assertEquals(
                    JSON.readTree("{\"turns\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"files/1\"}}],\"novel\":1}]}"),
                    gemini.arrived("clientContent").getFirst().path("clientContent"));
        }
    }
}
