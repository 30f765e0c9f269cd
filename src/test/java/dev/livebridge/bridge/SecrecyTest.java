package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.proxies.Ports;
import dev.livebridge.simulator.Simulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever is said stays between the two who talk: strings planted as key, token, speech, text, tool result and
 * instruction run through whole conversations with every log at DEBUG, and turn up nowhere else.
 */
@QuarkusTest
@Tag("slow")
@TestProfile(SecrecyTest.Talkative.class)
class SecrecyTest {

    private static final PatternFormatter MESSAGE_AND_CONTEXT = new PatternFormatter("%s %X");

    private static final String KEY = "canary-key-1f6e0c";
    private static final String TOKEN = "canary-token-a77d21";
    private static final String TEXT = "canary-text-5b90fe";
    private static final String ARGUMENT = "canary-argument-c2d9b8";
    private static final String INSTRUCTION = "canary-instruction-904f3a";
    /** As PCM; a multiple of three bytes, so that its base64 text is the same at every position. */
    private static final String SPEECH_PCM = "CANARY";

    private static final String SPEECH =
            Base64.getEncoder().encodeToString(SPEECH_PCM.getBytes(StandardCharsets.US_ASCII));

    private static final List<String> CANARIES = List.of(KEY, TOKEN, TEXT, ARGUMENT, INSTRUCTION, SPEECH, SPEECH_PCM);

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @TestHTTPResource(value = "/livebridge/sessions", management = true)
    URI sessions;

    @Inject
    Vertx vertx;

    @Inject
    Simulator simulator;

    @Inject
    Leaks leaks;

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(written(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** All logs at DEBUG, and a key, although the simulator does not check it. */
    public static class Talkative implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            int port = Ports.free();
            return Map.of(
                    "quarkus.http.access-log.enabled", "true",
                    "quarkus.log.level", "DEBUG",
                    "quarkus.log.console.level", "WARN",
                    "livebridge.simulator.port", "" + port,
                    "livebridge.gemini.api-key", KEY,
                    "livebridge.upstream.backend", "simulator");
        }
    }

    @BeforeEach
    void listen() {
        listener.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(listener);
    }

    @Test
    void nothingThatIsSaidTurnsUpAnywhereElse() {
        // Given conversations in both dialects, with all that can go wrong in them
        for (String path : List.of("/live?key=" + KEY + "&access_token=" + TOKEN, "/?token=" + TOKEN)) {
            Map<String, String> headers =
                    Map.of("Authorization", "Bearer " + TOKEN, "Cookie", "session=" + TOKEN, "x-goog-api-key", KEY);
            try (TestClient client = TestClient.open(vertx, server, path, headers)) {
                client.send("{\"setup\":{\"system_instruction\":{\"parts\":[{\"text\":\"" + INSTRUCTION
                        + "\"}]},\"tools\":[{\"functionDeclarations\":[{\"name\":\"look_up\",\"description\":\""
                        + INSTRUCTION + "\"}]}]}}");
                client.send("{\"text\":\"" + TEXT + "\"}");
                client.say(speech());
                client.say(Sound.speech(400));
                client.say(Sound.silence(900));
                client.send("{\"toolResponse\":{\"functionResponses\":[{\"id\":\"1\",\"name\":\"look_up\",\"response\":"
                        + "{\"result\":\"" + ARGUMENT + "\"}}]}}");
                Stream.of(
                                "{\"" + TEXT + "\":1}",
                                "{\"text\":\"" + TEXT,
                                "{\"text\":[\"" + TEXT + "\"]}",
                                "{\"toolResponse\":\"" + ARGUMENT + "\"}",
                                "{\"setup\":{\"model\":\"" + TOKEN + "\"}}",
                                "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"" + TEXT
                                        + "\",\"data\":\"AAAA\"}]}}",
                                "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"*"
                                        + SPEECH + "\"}]}}",
                                "{\"beacon\":{\"turn\":\"" + TEXT + "\"}}")
                        .forEach(client::send);
                await().until(() -> errors(client).count() >= 6);
                assertEquals(List.of(), found("an error frame", errors(client).map(JsonNode::toString)));
                assertEquals(
                        List.of(),
                        found("metrics", Stream.of(RestAssured.get(metrics).asString())));
                assertEquals(List.of(), found("the operators' list", operatorPages()));
            }
            try (TestClient client = TestClient.open(vertx, server, path, headers)) {
                client.send("{\"setup\":{\"model\":\"models/" + TOKEN + "\",\"" + INSTRUCTION + "\":7");
                client.awaitClosed();
                assertEquals(
                        List.of(), found("a refusal", client.received().stream().map(JsonNode::toString)));
                assertEquals(List.of(), found("a close reason", Stream.of(String.valueOf(client.closeReason()))));
            }
        }
        leaks.awaitNone();

        // Then
        assertTrue(log.size() > 20, "the log was listened to");
        assertTrue(log.stream().anyMatch(line -> line.contains("session ended")));
        assertEquals(List.of(), found("the log", log.stream()));
        assertEquals(
                List.of(), found("the page", Stream.of(RestAssured.get(server).asString())));
    }

    @Test
    void theEndOfASessionIsLoggedWithItsCircumstances() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{}}");
            client.send("{\"text\":\"Thank you\"}");
            client.awaitMessage("turn_complete");
        }
        leaks.awaitNone();

        String line = log.stream()
                .filter(each -> each.contains("session ended"))
                .findFirst()
                .orElseThrow();
        Stream.of("cause=client_closed", "model=gemini-3.8-live", "backend=simulator", "session=")
                .forEach(field -> assertTrue(line.contains(field), line));
    }

    private Stream<String> operatorPages() {
        return Stream.of("application/json", "text/html")
                .map(type -> RestAssured.given()
                        .header("X-Livebridge-Operator", "yes")
                        .accept(type)
                        .get(sessions)
                        .asString());
    }

    private static Stream<JsonNode> errors(TestClient client) {
        return client.received().stream()
                .filter(message ->
                        message.has("error") || message.path("type").asText().equals("error"));
    }

    private static List<String> found(String where, Stream<String> texts) {
        return texts.flatMap(text -> CANARIES.stream()
                        .filter(text::contains)
                        .map(canary -> where + " has " + canary + ": " + around(text, canary)))
                .distinct()
                .toList();
    }

    private static String around(String text, String canary) {
        int at = text.indexOf(canary);
        return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 120));
    }

    private static byte[] speech() {
        return SPEECH_PCM.repeat(500).getBytes(StandardCharsets.US_ASCII);
    }

    /** A log record as text: message, parameters, context and exceptions. */
    private static String written(LogRecord entry) {
        StringBuilder line = new StringBuilder(entry.getLoggerName()).append(' ');
        if (entry instanceof ExtLogRecord extended) {
            line.append(MESSAGE_AND_CONTEXT.format(extended));
        } else {
            line.append(entry.getMessage());
        }
        for (Throwable failure = entry.getThrown(); failure != null; failure = failure.getCause()) {
            line.append(' ').append(failure);
        }
        return line.toString();
    }
}
