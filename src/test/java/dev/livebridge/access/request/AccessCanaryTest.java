package dev.livebridge.access.request;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.bridge.Spans;
import dev.livebridge.hostile.HostileClient;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers of each kind, admitted and refused, with tracing on. */
@QuarkusTest
@TestProfile(AccessProfile.class)
class AccessCanaryTest {

    private static final PatternFormatter MESSAGE_AND_CONTEXT = new PatternFormatter("%c %s %X %e");
    private static final String GEMINI =
            "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    Spans spans;

    @Inject
    SessionRegistry sessions;

    private final Path directory = AccessProfile.directory();

    /** By their names in failures. */
    private final Map<String, String> canaries = new LinkedHashMap<>();

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord logRecord) {
            // Except the HTTP client of the test, which runs in the same process.
            if (!String.valueOf(logRecord.getLoggerName()).startsWith("org.apache.http")) {
                log.add(MESSAGE_AND_CONTEXT.format(ExtLogRecord.wrap(logRecord)));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        await().atMost(TIMEOUT).until(() -> sessions.active() == 0);
        spans.clear();
        listener.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger("").removeHandler(listener);
    }

    private void converse(String path, String expected, String... headers) throws IOException {
        try (HostileClient client = new HostileClient(server)) {
            assertEquals(101, client.upgrade(path, headers), path);
            client.send("{\"setup\":{}}");
            String all = "";
            while (!all.contains(expected)) {
                HostileClient.Frame frame = client.read(TIMEOUT);
                assertTrue(frame != null && frame.opcode() != HostileClient.CLOSE, all);
                all += frame.text();
            }
        }
    }

    private void refused(int status, String path, String... headers) throws IOException {
        try (HostileClient client = new HostileClient(server)) {
            assertEquals(status, client.upgrade(path, headers), path);
            if (status == 101) {
                // Gemini's close code follows.
                HostileClient.Frame close = client.read(TIMEOUT);
                assertTrue(close != null && close.opcode() == HostileClient.CLOSE, path);
                assertEquals(List.of(), found("close reason", List.of(close.closeReason())));
            }
        }
    }

    @Test
    void noCredentialAndNoSubjectIsInSpansLogsOrMetrics() throws IOException {
        // Given
        String key = Files.readString(directory.resolve("key-server"));
        canaries.put("API key", key.substring("lb_server_".length()));
        String revoked = Files.readString(directory.resolve("key-revoked"));
        canaries.put("revoked API key", revoked.substring("lb_revoked_".length()));
        Issuer issuer = Issuer.read(directory);
        String token = issuer.token("canary-subject");
        canaries.put("subject", "canary-subject");
        canaries.put("signature of a JWT", token.substring(token.lastIndexOf('.') + 1));
        canaries.put("payload of a JWT", token.split("\\.", -1)[1]);
        String cookie = "q_session=canary-cookie";
        canaries.put("cookie", "canary-cookie");
        String ticket = given().header("Authorization", "Bearer " + key)
                .contentType("application/json")
                .body("{\"subject\":\"canary-user\",\"origin\":\"" + AccessProfile.PAGE + "\"}")
                .post(server + "api/tickets")
                .then()
                .statusCode(200)
                .extract()
                .path("protocols[1]");
        canaries.put("user of a ticket", "canary-user");
        canaries.put("ticket", ticket.substring("livebridge.ticket.".length()));
        String page = "Origin: " + AccessProfile.PAGE;

        // When
        converse("/live?note=canary-query", "ready", "Authorization: Bearer " + key, "Cookie: " + cookie);
        converse("/live", "ready", "Authorization: Bearer " + token);
        converse("/live", "ready", "Sec-WebSocket-Protocol: livebridge, " + ticket, page);
        converse(GEMINI + "?key=" + key, "setupComplete");
        converse(GEMINI, "setupComplete", "x-goog-api-key: " + key);
        canaries.put("query", "canary-query");
        refused(401, "/live", "Sec-WebSocket-Protocol: livebridge, " + ticket, page);
        refused(401, "/live", "Authorization: Bearer " + revoked);
        refused(401, "/live", "Cookie: " + cookie, page);
        refused(400, "/live", "Authorization: Bearer " + token, "Sec-WebSocket-Protocol: livebridge, " + ticket);
        refused(101, GEMINI + "?key=" + revoked);
        for (String path : List.of("api/session", "api/usage")) {
            given().header("Authorization", "Bearer " + token)
                    .get(server + path)
                    .then()
                    .statusCode(200);
        }

        // Then
        await().atMost(TIMEOUT)
                .until(() -> spans.named("livebridge.conversation").size() >= 5);
        List<String> told = new ArrayList<>();
        spans.all().forEach(span -> told.add(span.toString()));
        assertTrue(told.stream().anyMatch(span -> span.contains("livebridge.session")), told::toString);
        assertEquals(List.of(), found("span", told));
        assertTrue(log.stream().anyMatch(line -> line.contains("session ended")), log::toString);
        assertEquals(List.of(), found("log", log));
        assertEquals(
                List.of(),
                found("metric", given().get(metrics).asString().lines().toList()));
    }

    private List<String> found(String where, Iterable<String> texts) {
        List<String> found = new ArrayList<>();
        for (String text : texts) {
            canaries.forEach((name, canary) -> {
                if (text.contains(canary)) {
                    found.add(where + " has the " + name + ": " + text);
                }
            });
        }
        return found;
    }
}
