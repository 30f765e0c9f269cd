package dev.livebridge.bridge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.telemetry.SampledLog;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients can't flood the log, and their lines hide no line of a session. */
@QuarkusTest
class LibraryLogLimitsTest {

    private static final int STRANGERS = 60;

    private final Logger sessionLog = Logger.getLogger("dev.livebridge.session.SessionLog");
    private final Logger healthLog = Logger.getLogger("io.smallrye.health");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler keep = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(record.getMessage());
        }

        @Override
        public void flush() {
            // Nothing waits.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI ready;

    @Inject
    Vertx vertx;

    @Inject
    Leaks leaks;

    @BeforeEach
    void listen() {
        sessionLog.addHandler(keep);
        healthLog.addHandler(keep);
    }

    @AfterEach
    void listenNoMore() {
        sessionLog.removeHandler(keep);
        healthLog.removeHandler(keep);
    }

    @Test
    void socketsWithoutASetupAreSampledAndConversationsAreNot() {
        for (int i = 0; i < STRANGERS; i++) {
            TestClient.open(vertx, server, "/live").close();
        }
        leaks.awaitNone();
        long strangers = ends();
        assertTrue(strangers <= 2 * SampledLog.LINES_PER_MINUTE, () -> strangers + " lines");

        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
        }

        await().until(() -> ends() == strangers + 1);
        leaks.awaitNone();
    }

    @Test
    void failedProbesAreSampled() {
        for (int i = 0; i < STRANGERS; i++) {
            healthLog.info("SRHCK01001: Reporting health down status: {}");
        }

        assertTrue(lines.size() <= 2 * SampledLog.LINES_PER_MINUTE, () -> lines.size() + " lines");
        RestAssured.get(ready).then().statusCode(200);
    }

    @Test
    void aRequestThatCannotBeRoutedIsNoError() {
        Logger errors = Logger.getLogger("io.quarkus.vertx.http.runtime.QuarkusErrorHandler");
        errors.addHandler(keep);
        try {
            for (String host : new String[] {"", "a b", "[::g]"}) {
                assertEquals(400, statusWithHost(host));
            }
        } finally {
            errors.removeHandler(keep);
        }
        assertEquals(List.of(), lines);
    }

    private int statusWithHost(String host) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII));
            return Integer.parseInt(new String(socket.getInputStream().readNBytes(12), US_ASCII).substring(9));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long ends() {
        return lines.stream().filter(line -> line.startsWith("session ended")).count();
    }
}
