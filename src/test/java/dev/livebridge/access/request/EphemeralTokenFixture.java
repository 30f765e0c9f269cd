package dev.livebridge.access.request;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.HostileClient;
import dev.livebridge.hostile.HostileClient.Frame;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Issues ephemeral tokens and talks with them; after each test no token may be in the log. */
abstract class EphemeralTokenFixture {

    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String SETUP = "{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"sessionResumption\":{}}}";

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    final Path directory = AccessProfile.directory();

    final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final List<String> issued = new ArrayList<>();

    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry.getMessage() + Arrays.toString(entry.getParameters()) + entry.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        Logger.getLogger("").addHandler(listener);
    }

    @AfterEach
    void allConversationsAreOverAndNoTokenIsInTheLog() {
        await().atMost(PATIENCE).until(() -> sessions.active() == 0);
        Logger.getLogger("").removeHandler(listener);
        for (String token : issued) {
            assertEquals(
                    List.of(), log.stream().filter(line -> line.contains(token)).toList());
        }
    }

    String key(String id) throws IOException {
        return Files.readString(directory.resolve("key-" + id));
    }

    ValidatableResponse post(String path, Map<String, String> headers, String body) {
        return given().headers(headers)
                .body(body)
                .contentType("application/json")
                .post(server + path)
                .then();
    }

    String issue(String body) throws IOException {
        String token = post("v1alpha/auth_tokens", Map.of("x-goog-api-key", key("server")), body)
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("size()", equalTo(1))
                .body("name", startsWith("auth_tokens/"))
                .extract()
                .path("name");
        issued.add(token.substring("auth_tokens/".length()));
        return token;
    }

    static String path(String version, String method) {
        return "//ws/google.ai.generativelanguage." + version + ".GenerativeService." + method;
    }

    static String constrained(String token) {
        return path("v1alpha", "BidiGenerateContentConstrained") + "?access_token=" + token;
    }

    /** Sends a setup and reads to a frame. */
    HostileClient begin(String path, String setup, String... headers) throws IOException {
        HostileClient client = new HostileClient(server);
        assertEquals(101, client.upgrade(path, headers));
        client.send(setup);
        return client;
    }

    static Frame next(HostileClient client) throws IOException {
        Frame frame = Objects.requireNonNull(client.read(PATIENCE), "the connection broke");
        return frame.opcode() == HostileClient.PING ? next(client) : frame;
    }

    static void assertBegins(HostileClient client) throws IOException {
        Frame frame = next(client);
        assertTrue(frame.text().contains("setupComplete"), () -> frame.opcode() + " " + frame.text());
    }

    static void assertClosed(int code, String words, HostileClient client) throws IOException {
        Frame frame = next(client);
        assertEquals(HostileClient.CLOSE, frame.opcode(), frame::text);
        assertTrue(frame.closeReason().startsWith(words), frame::closeReason);
        assertEquals(code, frame.closeCode());
    }
}
