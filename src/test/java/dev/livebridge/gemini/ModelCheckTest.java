package dev.livebridge.gemini;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.Samples;
import dev.livebridge.gemini.FakeModelsService.Request;
import dev.livebridge.gemini.ModelCheck.Outcome;
import dev.livebridge.gemini.ModelCheck.Verdict;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Starts the application with Gemini as its upstream, and a fake in Gemini's place. */
@QuarkusTest
@WithTestResource(FakeModelsService.class)
class ModelCheckTest {

    private static final String NOT_FOUND =
            "models/gemini-3.8-live is not found for API version v1beta, or is not supported for bidiGenerateContent.";

    @Inject
    ModelCheck check;

    @Inject
    BackendChoice backend;

    @SuppressWarnings("NullAway.Init") // set by the fake itself
    FakeModelsService gemini;

    @BeforeEach
    void afterTheCheckAtTheStart() {
        await().until(() -> check.verdict().outcome() != Outcome.UNKNOWN);
        gemini.requests().clear();
        gemini.answers(FakeModelsService.MODEL, 200, FakeModelsService.GOOD);
    }

    private Verdict ask() {
        return check.ask(gemini.address());
    }

    private static String error(int status, String message) {
        return "{\"error\":{\"code\":" + status + ",\"message\":\"" + message + "\",\"status\":\"X\"}}";
    }

    @Test
    void theStartAskedOnceAndKeptTheVerdict() {
        assertEquals(gemini.address(), backend.address());
        assertEquals(
                new Verdict(
                        Outcome.OK, "The key is good, and Gemini 3.8 Live (gemini-3.8-live) takes live conversations."),
                check.verdict());
    }

    @Test
    void asksAsTheSdksDoWithTheKeyInAHeaderOnly() {
        // Given
        JsonNode captured = Samples.lines("captured-rest-auth-tokens-and-models.jsonl").stream()
                .filter(line -> line.path("path").asText().endsWith("/models/gemini-x"))
                .findFirst()
                .orElseThrow();

        // When
        ask();

        // Then
        Request request = gemini.requests().getFirst();
        assertEquals(captured.get("method").asText(), request.method());
        assertEquals(
                captured.get("path").asText().replace("v1alpha", "v1beta").replace("gemini-x", "gemini-3.8-live"),
                request.uri().getPath());
        assertNull(request.uri().getQuery());
        Set<String> names = new HashSet<>();
        captured.get("headers")
                .forEach(header -> names.add(header.get(0).asText().toLowerCase(Locale.ROOT)));
        assertTrue(names.contains("x-goog-api-key") && names.contains("x-goog-api-client"));
        assertEquals(FakeModelsService.KEY, request.headers().getFirst("x-goog-api-key"));
        assertTrue(
                String.valueOf(request.headers().getFirst("x-goog-api-client")).startsWith("livebridge/"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|API key not valid. Please pass a valid API key.|Gemini does not accept the service's API key.",
                "400|User location is not supported for the API use.|Gemini is not offered in the region",
                "401|Request had invalid authentication credentials.|Gemini does not accept the service's credentials.",
                "403|Method doesn't allow unregistered callers.|The service called Gemini without a credential",
                "429|Resource has been exhausted (e.g. check quota).|The service's quota at Gemini is used up.",
                "503|The model is overloaded.|Gemini, or a proxy on the way, can't answer at the moment.",
            })
    void aRefusalIsExplained(int status, String words, String explanation) {
        gemini.answers(FakeModelsService.MODEL, status, error(status, words));

        Verdict verdict = ask();

        assertEquals(Outcome.PROBLEM, verdict.outcome());
        assertTrue(verdict.message().startsWith(explanation), verdict.message());
        assertTrue(verdict.message().endsWith(" Reason given: " + words), verdict.message());
    }

    @Test
    void theKeyIsTakenOutOfARefusal() {
        gemini.answers(FakeModelsService.MODEL, 400, error(400, "API key not valid: " + FakeModelsService.KEY));

        assertFalse(ask().message().contains(FakeModelsService.KEY));
    }

    @Test
    void anUnknownModelIsAnsweredWithThoseTheKeyOpens() {
        gemini.answers(FakeModelsService.MODEL, 404, error(404, NOT_FOUND));
        gemini.answers(FakeModelsService.MODELS, 200, """
                {"models":[
                  {"name":"models/gemini-3.1-flash-live-preview","supportedGenerationMethods":["bidiGenerateContent"]},
                  {"name":"models/gemini-3.8-pro","supportedGenerationMethods":["generateContent"]},
                  {"name":"models/gemini-9-live","supportedGenerationMethods":["bidiGenerateContent"]}]}
                """);

        Verdict verdict = ask();

        assertEquals(Outcome.PROBLEM, verdict.outcome());
        assertTrue(verdict.message().startsWith("Gemini does not know this model"), verdict.message());
        assertTrue(
                verdict.message().endsWith(" The key gives access to gemini-3.1-flash-live-preview, gemini-9-live."),
                verdict.message());
    }

    @Test
    void aModelThatDoesNotTalkIsAProblem() {
        gemini.answers(FakeModelsService.MODEL, 200, "{\"supportedGenerationMethods\":[\"generateContent\"]}");
        gemini.answers(FakeModelsService.MODELS, 200, "{}");

        assertEquals(
                new Verdict(
                        Outcome.PROBLEM,
                        "Gemini does not offer gemini-3.8-live (gemini-3.8-live) for live conversations."
                                + " The key gives access to no model for live conversations."),
                ask());
    }

    @ParameterizedTest
    @CsvSource({"500,''", "404,<html>nginx</html>", "200,<html>Please log in</html>", "200,''"})
    void whatIsNotGeminiIsAProblem(int status, String body) {
        gemini.answers(FakeModelsService.MODEL, status, body);

        Verdict verdict = ask();

        assertEquals(Outcome.PROBLEM, verdict.outcome());
        assertTrue(verdict.message().endsWith(" Reason given: HTTP status " + status), verdict.message());
    }

    @Test
    void aKeyThatMayNotListModelsGetsTheReason() {
        gemini.answers(FakeModelsService.MODEL, 404, error(404, NOT_FOUND));
        gemini.answers(FakeModelsService.MODELS, 403, error(403, "No."));

        String message = ask().message();

        assertTrue(message.startsWith("Gemini does not know this model"), message);
        assertTrue(message.endsWith(" Reason given: No."), message);
    }

    @Test
    void aRefusedConnectionIsAProblem() throws IOException {
        int port;
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
        }

        Verdict verdict = check.ask(URI.create("ws://127.0.0.1:" + port));

        assertEquals(Outcome.PROBLEM, verdict.outcome());
        assertTrue(verdict.message().startsWith("The connection to Gemini was refused."), verdict.message());
    }
}
