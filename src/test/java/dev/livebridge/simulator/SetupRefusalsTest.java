package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service refuses before a session begins, with its own codes and words (gemini-live-api.md section 11). */
class SetupRefusalsTest extends SimulatorFixture {

    private static final String V1ALPHA =
            "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent";
    private static final String CONSTRAINED =
            "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained";

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
                "//ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContentConstrained",
                "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent",
                "//ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContentConstrained"
            })
    void takesEveryPathOfTheService(String path) {
        // When
        try (LiveClient client = LiveClient.open(vertx, base, path)) {
            // Then
            client.ready(LiveClient.LIVE_3_8, "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws",
                "/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v1gamma.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v1beta1.GenerativeService.BidiGenerateContent",
                "/WS/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
                "///ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"
            })
    void knowsNoOtherPath(String path) {
        // When
        CompletionException failure =
                Assertions.assertThrows(CompletionException.class, () -> LiveClient.open(vertx, base, path));

        // Then
        UpgradeRejectedException refused =
                Assertions.assertInstanceOf(UpgradeRejectedException.class, failure.getCause());
        assertEquals(404, refused.getStatus());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    x-goog-api-key | AIzaGood
                    authorization  | Bearer abc
                    authorization  | token abc
                    """)
    void takesCredentialsInHeaders(String header, String value) {
        // When
        try (LiveClient client = LiveClient.open(vertx, base, LiveClient.PATH, header, value)) {
            // Then
            client.ready(LiveClient.LIVE_3_8, "");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ?key=some-key           | 0    | ''
                    ?access_token=some      | 0    | ''
                    ''                      | 1008 | Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API c
                    ?key=a-bad-key          | 1007 | API key not valid. Please pass a valid API key.
                    ?key=INVALID            | 1007 | API key not valid. Please pass a valid API key.
                    ?key=expired-key        | 1007 | API key expired. Please renew the API key.
                    ?access_token=auth_tokens/x | 1008 | Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API c
                    """)
    void judgesTheKeyAfterTheSetupFrame(String query, int code, String reason) {
        // Given
        try (LiveClient client = LiveClient.open(vertx, base, LiveClient.PATH + query, "user-agent", "somebody")) {
            // When
            client.setup(LiveClient.LIVE_3_8, "");

            // Then
            if (code == 0) {
                client.awaitMessage("/setupComplete");
            } else {
                assertEquals(new LiveClient.Ending(code, reason), client.awaitEnding());
                assertTrue(client.messages().isEmpty());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"setup":{"model":"models/gemini-2.0-flash-exp"}} | 1008 | models/gemini-2.0-flash-exp is not found for API version v1beta, or is not supported for bidiGenerateContent. Call ListMode
                    {"setup":{}} | 1008 | models/ is not found for API version v1beta, or is not supported for bidiGenerateContent. Call ListModels to see the list o
                    {"setup":{"model":"models/gemini-2.5-flash-native-audio-latest","generationConfig":{"responseModalities":["TEXT"]}}} | 1007 | Cannot extract voices from a non-audio request.
                    {"setup":{"model":"models/gemini-3.1-flash-live-preview","generationConfig":{"responseModalities":["TEXT"]}}} | 1007 | The requested combination of response modalities (TEXT) is not supported by the model. models/gemini-3.1-flash-live-preview
                    {"setup":{"model":"models/gemini-3.8-live","generation_config":{"response_modalities":["TEXT","AUDIO"]}}} | 1007 | The requested combination of response modalities (TEXT, AUDIO) is not supported by the model. models/gemini-3.8-live accept
                    {"setup":{"model":"models/gemini-3.5-transcribe-live","generationConfig":{"responseModalities":["AUDIO"]}}} | 1007 | The requested combination of response modalities (AUDIO) is not supported by the model. models/gemini-3.5-transcribe-live a
                    {"setup":{"model":"models/gemini-3.8-live","generationConfig":{"inputAudioTranscription":{}}}} | 1007 | Invalid JSON payload received. Unknown name "inputAudioTranscription" at 'setup.generation_config': Cannot find field.
                    {"setup":{"model":"models/gemini-3.8-live","toolConfig":{}}} | 1007 | Invalid JSON payload received. Unknown name "toolConfig" at 'setup': Cannot find field.
                    {"setup":{"model":"models/gemini-3.8-live","generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.8-live-extended-thinking"}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.8-live","proactivity":{"proactiveAudio":false}}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.8-live","generationConfig":{"enableAffectiveDialog":true}}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.8-live","tools":[{"codeExecution":{}}]}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.1-flash-live-preview","tools":[{"functionDeclarations":[{"name":"f","behavior":"NON_BLOCKING"}]}]}} | 1007 | Request contains an invalid argument.
                    {"setup":{"model":"models/gemini-3.8-live","tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"n":{"type":"INTEGER","enum":["1"]}}}}]}]}} | 1007 | * BidiGenerateContentRequest.setup.tools[0].function_declarations[0].parameters.properties[n].enum: only allowed for STRING
                    {"realtimeInput":{"text":"hi"}} | 1007 | setup must be the first message and only the first
                    """)
    void refusesASetup(String message, int code, String reason) {
        // Given
        try (LiveClient client = open()) {
            // When
            client.send(message);

            // Then
            assertEquals(new LiveClient.Ending(code, reason), client.awaitEnding());
        }
    }

    @Test
    void affectiveDialogNeedsTheAlphaVersion() {
        String wish =
                ",\"generationConfig\":{\"enableAffectiveDialog\":true},\"proactivity\":{\"proactiveAudio\":true}";
        try (LiveClient alpha = LiveClient.open(vertx, base, V1ALPHA);
                LiveClient beta = open()) {
            // When
            alpha.setup(LiveClient.NATIVE_2_5, wish);
            beta.setup(LiveClient.NATIVE_2_5, wish);

            // Then
            alpha.awaitMessage("/setupComplete");
            assertEquals(1007, beta.awaitEnding().code());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"proactivity\":{\"proactiveAudio\":true}",
                ",\"generationConfig\":{\"enableAffectiveDialog\":true}"
            })
    void swallowsWhat31DoesNotKnow(String wish) {
        try (LiveClient client = open();
                LiveClient control = open()) {
            // When
            client.setup(LiveClient.FLASH_3_1, wish);
            control.ready(LiveClient.FLASH_3_1, "").text("thanks");
            control.awaitMessage("/serverContent/turnComplete");

            // Then
            assertEquals(List.of(), client.messages());
            client.send("{\"setup\":{}}");
            assertEquals(
                    new LiveClient.Ending(1007, "setup must be the first message and only the first"),
                    client.awaitEnding(),
                    "it was open until now");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"low\"}}",
                ",\"generationConfig\":{\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"}},\"tools\":[{\"functionDeclarations\":"
                        + "[{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\","
                        + "\"enum\":[\"x\"]},\"b\":{\"type\":\"Array\",\"items\":{\"type\":\"number\"}}}}}]}]"
            })
    void takesTheNamesThatExamplesWriteInLowerCase(String wish) {
        try (LiveClient client = open()) {
            client.ready("models/gemini-3.8-live-extended-thinking", wish);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"generationConfig\":{\"responseModalities\":[\"audio\"]}",
                ",\"realtimeInputConfig\":{\"activityHandling\":\"no_interruption\"}",
                ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"behavior\":\"blocking\"}]}]",
                ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parameters\":{\"type\":\"objekt\"}}]}]"
            })
    void refusesOtherNamesInLowerCase(String wish) {
        try (LiveClient client = open()) {
            client.setup(LiveClient.LIVE_3_8, wish);

            assertEquals(1007, client.awaitEnding().code());
        }
    }

    @Test
    void ephemeralTokensHaveTheirUsesAndTheirSetup() throws IOException, InterruptedException {
        // Given
        JsonNode created = JSON.readTree(request(
                        "POST",
                        "/v1alpha/auth_tokens",
                        "good",
                        "{\"uses\":1,\"bidiGenerateContentSetup\":{\"model\":\"models/gemini-3.8-live\","
                                + "\"outputAudioTranscription\":{}}}")
                .body());
        String token = created.path("name").asText();
        String path = CONSTRAINED + "?access_token=" + token;
        try (LiveClient first = LiveClient.open(vertx, base, path, "user-agent", "x");
                LiveClient second = LiveClient.open(vertx, base, path, "user-agent", "x")) {
            // When
            first.ready(LiveClient.NATIVE_2_5, "").text("thanks");
            second.setup(LiveClient.NATIVE_2_5, "");

            // Then
            assertTrue(token.startsWith("auth_tokens/"));
            first.awaitMessage("/serverContent/turnComplete");
            assertEquals("You are very welcome.", first.transcript());
            assertEquals(new LiveClient.Ending(1011, "Token has been used too many times"), second.awaitEnding());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET  | /v1beta/models?pageSize=1000          | good    | 200 |                     |
                    GET  | /v1beta/models/gemini-3.8-live        | good    | 200 |                     |
                    GET  | /v1/models/gemini-3.8-live            | good    | 200 |                     |
                    GET  | /v2/models/gemini-3.8-live            | good    | 404 | NOT_FOUND           |
                    POST | /v1/auth_tokens                       | good    | 400 | INVALID_ARGUMENT    |
                    GET  | /v1beta/models/gemini-2.0-flash-exp   | good    | 404 | NOT_FOUND           |
                    GET  | /v1beta/models                        | bad     | 400 | INVALID_ARGUMENT    | API_KEY_INVALID
                    GET  | /v1beta/models                        | AQ.bad  | 401 | UNAUTHENTICATED     | ACCESS_TOKEN_TYPE_UNSUPPORTED
                    GET  | /v1beta/models                        | ''      | 403 | PERMISSION_DENIED   |
                    POST | /v1alpha/auth_tokens                  | good    | 400 | INVALID_ARGUMENT    |
                    GET  | /                                     | good    | 404 | NOT_FOUND           |
                    """)
    void restAnswersAsTheServiceDoes(String method, String path, String key, int code, String status, String reason)
            throws IOException, InterruptedException {
        // When
        HttpResponse<String> response = request(method, path, key, "{\"liveConnectConstraints\":{}}");

        // Then
        JsonNode error = JSON.readTree(response.body()).path("error");
        assertEquals(code, response.statusCode());
        assertEquals(status == null ? "" : status, error.path("status").asText());
        assertEquals(reason == null ? "" : reason, error.at("/details/0/reason").asText());
    }

    @Test
    void modelsComeInPages() throws IOException, InterruptedException {
        // When
        JsonNode first = JSON.readTree(
                request("GET", "/v1beta/models?pageSize=4", "k", "").body());
        JsonNode second = JSON.readTree(request(
                        "GET",
                        "/v1beta/models?pageSize=50&pageToken="
                                + first.path("nextPageToken").asText(),
                        "k",
                        "")
                .body());

        // Then
        assertEquals(4, first.path("models").size());
        assertEquals(Model.CATALOGUE.size() - 4, second.path("models").size());
        assertTrue(second.path("nextPageToken").isMissingNode());
        assertEquals(
                "bidiGenerateContent",
                first.at("/models/0/supportedGenerationMethods/0").asText());
    }

    private HttpResponse<String> request(String method, String path, String key, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? body : ""));
        if (!key.isEmpty()) {
            request.header("x-goog-api-key", key);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
