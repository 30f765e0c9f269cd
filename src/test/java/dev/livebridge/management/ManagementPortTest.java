package dev.livebridge.management;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.management.RawHttp.Answer;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port without a secret: answers to web pages, other hosts and other machines, as bytes on a socket. */
@QuarkusTest
@TestProfile(ManagementPortTest.Named.class)
class ManagementPortTest {

    private static final List<String> PATHS = List.of(
            "/q/health/live",
            "/q/health/ready",
            "/q/health/started",
            "/q/health",
            "/q/metrics",
            "/q/livebridge/sessions",
            "/q/livebridge/drain",
            "/q/livebridge/undrain",
            "/q/livebridge/handover",
            "/q/unknown",
            "/");

    private static final String OPERATOR = "X-Livebridge-Operator: yes";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    SessionRegistry sessions;

    /** Names of the port besides loopback and addresses. */
    public static class Named implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.management.hosts", "livebridge.internal",
                    "livebridge.instance.address", "http://pod-7.livebridge:9000");
        }
    }

    @AfterEach
    void nothingDrains() {
        assertFalse(sessions.draining());
    }

    private Answer send(String... lines) {
        return RawHttp.send(management.getPort(), lines);
    }

    private String host() {
        return "Host: 127.0.0.1:" + management.getPort();
    }

    // ---- web pages -----------------------------------------------------------------------------------------------

    static Stream<String> foreign() {
        return Stream.of(
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1",
                "Origin: http://127.0.0.1:PORT.evil.example",
                "Origin: https://127.0.0.1:PORT",
                "Origin:",
                "Origin: http://127.0.0.1:PORT\r\nOrigin: https://evil.example",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: none, cross-site",
                "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site");
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void aPageOfAnotherOriginGetsNothingAnywhere(String header) {
        String sent = header.replace("PORT", "" + management.getPort());
        for (String path : PATHS) {
            for (String method : List.of("GET", "HEAD", "POST", "OPTIONS", "DELETE")) {
                Answer answer = send(method + " " + path + " HTTP/1.1", host(), sent, OPERATOR);

                assertAll(
                        () -> assertEquals(403, answer.status(), () -> method + " " + path),
                        () -> assertEquals("", answer.body()),
                        () -> assertFalse(answer.head().contains("access-control-"), answer.head()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://127.0.0.1:PORT"})
    void aPreflightIsRefusedForEveryOrigin(String origin) {
        for (String path : PATHS) {
            Answer answer = send(
                    "OPTIONS " + path + " HTTP/1.1",
                    host(),
                    "Origin: " + origin.replace("PORT", "" + management.getPort()),
                    "Access-Control-Request-Method: POST",
                    "Access-Control-Request-Headers: x-livebridge-operator, authorization");

            assertTrue(answer.status() == 403 || answer.status() == 405, answer.head());
            assertFalse(answer.head().contains("access-control-"), answer.head());
        }
    }

    /** Quarkus would send {@code Access-Control-Allow-Origin: *} with every answer to a request that has an origin. */
    @Test
    void noAnswerHasACorsHeader() {
        for (String path : PATHS) {
            Answer answer =
                    send("GET " + path + " HTTP/1.1", host(), "Origin: http://127.0.0.1:" + management.getPort());

            assertFalse(answer.head().contains("access-control-"), answer.head());
        }
        assertEquals(
                200,
                send("GET /q/metrics HTTP/1.1", host(), "Sec-Fetch-Site: same-origin")
                        .status());
    }

    // ---- names ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:9000",
                "127.0.0.1",
                "10.244.1.17:9000",
                "[::1]:9000",
                "[fd00::12]",
                "livebridge.internal",
                "Livebridge.Internal:80",
                "pod-7.livebridge:9000"
            })
    void thePortsOwnNamesAreAnswered(String host) {
        assertEquals(200, send("GET /q/health/live HTTP/1.1", "Host: " + host).status());
    }

    /** After DNS rebinding a page sends its own name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.",
                "0x7f000001",
                "2130706433",
                "127.1",
                "999.0.0.1",
                "pod-8.livebridge:9000",
                "livebridge.internal@evil.example",
                "evil.example, localhost",
                "[::1].evil.example",
                ""
            })
    void otherNamesAreMisdirected(String host) {
        for (String path : PATHS) {
            Answer answer = send("GET " + path + " HTTP/1.1", "Host: " + host, OPERATOR);

            // What is no host at all is a bad request to Vert.x already.
            assertTrue(answer.status() == 421 || answer.status() == 400, () -> path + ": " + answer.head());
            assertEquals("", answer.body());
        }
    }

    @Test
    void aProbeOfHttp10NeedsNoHost() {
        assertEquals(200, send("GET /q/health/ready HTTP/1.0").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /q/health HTTP/1.1",
                "GET /q/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
                "GET http://evil.example/q/health HTTP/1.1\r\nHost: localhost",
                "OPTIONS * HTTP/1.1\r\nHost: localhost"
            })
    void aRequestWithoutOneHostAndAPathIsBad(String request) {
        Answer answer = send(request);

        assertTrue(answer.status() == 400 || answer.status() == 404, answer.head());
        assertEquals("", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT-ALL", "FOO"})
    void otherMethodsAreNotAllowed(String method) {
        for (String path : PATHS) {
            Answer answer = send(method + " " + path + " HTTP/1.1", host(), OPERATOR);

            assertEquals(405, answer.status(), () -> method + " " + path + " " + answer.head());
            assertTrue(answer.has("Allow"), answer.head());
        }
    }

    // ---- operators -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "GET, /q/livebridge/sessions",
        "POST, /q/livebridge/drain",
        "POST, /q/livebridge/undrain",
    })
    void withoutItsHeaderAProgramIsNoOperator(String method, String path) {
        for (String header : List.of(
                "Accept: */*",
                "X-Livebridge-Operator: no",
                "X-Livebridge-Operator:",
                OPERATOR + "\r\nX-Forwarded-For: 203.0.113.9",
                OPERATOR + "\r\nForwarded: for=203.0.113.9",
                OPERATOR + "\r\nVia: 1.1 proxy",
                OPERATOR + "\r\nX-Real-IP: 127.0.0.1")) {
            Answer answer = send(method + " " + path + " HTTP/1.1", host(), header);

            assertEquals(403, answer.status(), header);
            assertEquals("", answer.body());
        }
    }

    @Test
    void anAddressTypedIntoABrowserShowsTheSessions() {
        Answer typed = send(
                "GET /q/livebridge/sessions HTTP/1.1",
                host(),
                "Accept: text/html",
                "Sec-Fetch-Site: none",
                "Sec-Fetch-Mode: navigate");
        Answer fetched = send(
                "GET /q/livebridge/sessions HTTP/1.1", host(), "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors");

        assertEquals(200, typed.status());
        assertTrue(typed.body().contains(" sessions</h1>"), typed.body());
        assertEquals(403, fetched.status());
    }

    /** A form of another site can post only these types, and sends its origin. */
    @Test
    void aDrainIsTakenBack() {
        assertEquals(
                202, send("POST /q/livebridge/drain HTTP/1.1", host(), OPERATOR).status());
        try {
            assertTrue(sessions.draining());
            assertEquals(503, send("GET /q/health/ready HTTP/1.1", host()).status());
            assertTrue(metric("livebridge_sessions_draining").contains(" 1.0"));
            assertEquals(200, send("GET /q/health/live HTTP/1.1", host()).status(), "not abandoned yet");
        } finally {
            assertEquals(
                    202,
                    send("POST /q/livebridge/undrain HTTP/1.1", host(), OPERATOR)
                            .status());
        }

        assertFalse(sessions.draining());
        assertEquals(200, send("GET /q/health/ready HTTP/1.1", host()).status());
        assertTrue(metric("livebridge_sessions_draining").contains(" 0.0"));
    }

    private String metric(String name) {
        return send("GET /q/metrics HTTP/1.1", host())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- bodies --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {80_000, 1_000_000, 9_000_000, 11_000_000})
    void aLargeBodyIsNotRead(long bytes) {
        for (String path : List.of("/q/livebridge/handover", "/q/livebridge/drain", "/q/metrics")) {
            Answer told = RawHttp.send(
                    management.getPort(),
                    bytes,
                    false,
                    "POST " + path + " HTTP/1.1",
                    host(),
                    "Content-Type: text/plain",
                    "Content-Length: " + bytes);

            assertTrue(told.status() == 413 || told.status() == 0, () -> path + ": " + told.head());
        }
        Answer chunked = RawHttp.send(
                management.getPort(),
                bytes,
                true,
                "POST /q/livebridge/handover HTTP/1.1",
                host(),
                "Content-Type: text/plain",
                "Transfer-Encoding: chunked");
        assertTrue(chunked.status() == 413 || chunked.status() == 0, chunked.head());
    }

    /** The client announces a body and waits, so the announcement alone causes the answer. */
    @Test
    void aLargeBodyIsRefusedBeforeItIsSent() {
        Answer answer = send("POST /q/livebridge/handover HTTP/1.1", host(), "Content-Length: 9000000");

        assertEquals(413, answer.status());
    }

    @Test
    void whatFitsIsRead() {
        Answer answer = RawHttp.send(
                management.getPort(),
                66 * 1024,
                true,
                "POST /q/livebridge/handover HTTP/1.1",
                host(),
                "Content-Type: text/plain",
                "Transfer-Encoding: chunked");

        assertEquals(404, answer.status(), "no token of ours");
    }

    @Test
    void thirtyLargeBodiesAtOnceTakeNoMemory() throws InterruptedException, ExecutionException {
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(30)) {
            for (int i = 0; i < 30; i++) {
                boolean chunked = i % 2 == 0;
                answers.add(threads.submit(() -> RawHttp.send(
                        management.getPort(),
                        9_000_000,
                        chunked,
                        "POST /q/livebridge/handover HTTP/1.1",
                        host(),
                        "Content-Type: text/plain",
                        chunked ? "Transfer-Encoding: chunked" : "Content-Length: 9000000")));
            }
        }

        long taken = 0;
        for (Future<Answer> answer : answers) {
            assertTrue(answer.get().status() == 413 || answer.get().status() == 0);
            taken += answer.get().sent();
        }
        // What the kernel's buffers of 30 sockets hold, of 270 MB that were offered.
        assertTrue(taken < 150_000_000, taken + " bytes were taken");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedFor() {
        Answer answer = send("POST /q/livebridge/handover HTTP/1.1", host(), "Content-Length: 100");

        assertEquals(408, answer.status());
        await().untilAsserted(() -> assertEquals(
                404,
                RawHttp.send(
                                management.getPort(),
                                8,
                                false,
                                "POST /q/livebridge/handover HTTP/1.1",
                                host(),
                                "Content-Length: 8")
                        .status()));
    }
}
