package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid requests as raw bytes, and the service's answers before it reads further. */
@QuarkusTest
class RequestGateTest {

    private static final String SDK_PATH =
            "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    static Stream<Arguments> upgrades() {
        return Stream.of(
                Arguments.of("/", 101),
                Arguments.of("/live", 101),
                Arguments.of("/live?x=/../%2e", 101),
                Arguments.of("/?token=a;b", 101),
                Arguments.of(SDK_PATH, 101),
                Arguments.of(SDK_PATH + "?key=any", 101),
                Arguments.of("/" + SDK_PATH, 101),
                Arguments.of("/" + SDK_PATH + "Constrained?access_token=any", 101),
                // Refused by the HTTP server itself.
                Arguments.of("//", 400),
                Arguments.of("//live", 404),
                Arguments.of("///live", 404),
                Arguments.of("/live/", 404),
                Arguments.of("/live//", 404),
                Arguments.of("/./live", 404),
                Arguments.of("/live/.", 404),
                Arguments.of("/x/../live", 404),
                Arguments.of("/../live", 404),
                Arguments.of("/live/..", 404),
                Arguments.of("/%6cive", 404),
                Arguments.of("/live%2f", 404),
                Arguments.of("/%2e%2e/live", 404),
                Arguments.of("/live%00", 404),
                Arguments.of("/live;x", 404),
                Arguments.of("/;x/live", 404),
                Arguments.of("/live%3bx", 404),
                Arguments.of("/\\live", 400),
                Arguments.of("/live#x", 404),
                Arguments.of("/LIVE", 404),
                Arguments.of("//" + SDK_PATH, 404),
                Arguments.of("/" + SDK_PATH + "/", 404),
                Arguments.of("/x/.." + SDK_PATH, 404),
                Arguments.of("http://localhost/live", 404),
                Arguments.of("http://evil.example/live", 404),
                Arguments.of("http://localhost", 404),
                Arguments.of("live", 404),
                Arguments.of("*", 404));
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void onlyTheCanonicalTargetIsUpgraded(String target, int status) {
        RawHttp.Answer answer = RawHttp.ask(server, RawHttp.upgrade(target, "localhost", ""));

        assertEquals(status, answer.status(), answer::head);
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200",
        "/?x=1, 200",
        "//, 400",
        "/., 404",
        "/x/.., 404",
        "/%2e, 404",
        "/;x, 404",
        "/static/../, 404",
        "http://localhost/, 404",
        "http://evil.example/, 404"
    })
    void onlyTheCanonicalTargetIsThePage(String target, int status) {
        RawHttp.Answer answer = RawHttp.ask(server, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertEquals(status, answer.status());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 101",
        "LocalHost:9080, 101",
        "127.0.0.1, 101",
        "127.0.0.1:1, 101",
        "192.0.2.7:9080, 101",
        "[::1], 101",
        "[2001:db8::7]:9080, 101",
        "evil.example, 421",
        "evil.example:9080, 421",
        "localhost.evil.example, 421",
        "127.0.0.1.evil.example, 421",
        "127.1, 421",
        "2130706433, 421",
        "localhost., 400",
        "localhost:, 400",
        "localhost:0, 400",
        "localhost:65536, 400",
        "localhost:9080:1, 400",
        "user@localhost, 400",
        "localhost/x, 400",
        "256.0.0.1, 400",
        "[::1, 400",
        "[::g], 400",
        "::1, 400",
        "'local host', 400",
        "'localhost, evil.example', 400",
        "'', 400"
    })
    void onlyOwnHostsAreServed(String host, int status) {
        assertEquals(
                status, RawHttp.ask(server, RawHttp.upgrade("/live", host, "")).status());
        assertEquals(
                status == 101 ? 200 : status,
                RawHttp.ask(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example\r\nhost: localhost\r\n\r\n"
            })
    void aRequestNamesOneHost(String request) {
        assertEquals(400, RawHttp.ask(server, request).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live", "/" + SDK_PATH})
    void aPageBehindAReboundNameGetsNothing(String target) {
        // A page of http://evil.example, whose name server has pointed its name at this machine, is of the same origin.
        String request = RawHttp.upgrade(target, "evil.example", "Origin: http://evil.example\r\n");

        RawHttp.Answer answer = RawHttp.ask(server, request);

        assertEquals(421, answer.status());
        assertTrue(answer.says("Cache-Control", "no-store"), answer::head);
        assertEquals(0, sessions.active());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, http://evil.example",
        "http://evil.example, http://localhost",
        "http://localhost, http://localhost"
    })
    void severalOriginsAreRefused(String first, String second) {
        String origins = "Origin: " + first + "\r\norigin: " + second + "\r\n";

        assertEquals(
                400,
                RawHttp.ask(server, RawHttp.upgrade("/live", "localhost", origins))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1", "Content-Length: 999999999", "Transfer-Encoding: chunked"})
    void bodiesAreRefusedUnreadAndEndTheConnection(String header) {
        for (String method : new String[] {"POST", "GET"}) {
            try (RawHttp connection = new RawHttp(server)) {
                connection.write(method + " / HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n");

                assertEquals(413, connection.read().status());
                assertTrue(connection.isClosedByService());
            }
        }
    }

    @Test
    void anEmptyBodyIsNone() {
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

        assertEquals(200, RawHttp.ask(server, request).status());
    }

    @Test
    void aMethodThatNobodyKnowsIsRefused() {
        RawHttp.Answer answer = RawHttp.ask(server, "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertEquals(501, answer.status());
        assertTrue(answer.says("X-Content-Type-Options", "nosniff"), answer::head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-For: ::1, 203.0.113.9",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: localhost",
                "Forwarded: for=127.0.0.1",
                "Forwarded: for=203.0.113.9",
                "Via: 1.1 proxy",
                "X-Real-IP: 127.0.0.1"
            })
    void aForwardedRequestIsNotLocal(String header) {
        assertEquals(
                403,
                RawHttp.ask(server, RawHttp.upgrade("/live", "localhost", header + "\r\n"))
                        .status());
    }
}
