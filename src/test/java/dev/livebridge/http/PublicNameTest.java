package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service with a public name behind TLS, configured as in {@code deploy/overlays/prod}. */
@QuarkusTest
@TestProfile(PublicNameTest.Named.class)
class PublicNameTest {

    @TestHTTPResource("/")
    URI server;

    public static class Named implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.browser.hosts", "live.example.com,internal:9080",
                    "livebridge.browser.allowed-origins", "https://live.example.com",
                    "livebridge.browser.allow-loopback-origins", "false",
                    "livebridge.browser.clients-without-origin", "none");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "live.example.com, https://live.example.com, 101",
        "LIVE.example.com:443, https://live.example.com, 101",
        "internal:9080, https://live.example.com, 101",
        // The list alone decides: not the own origin over plain HTTP, not this machine.
        "live.example.com, http://live.example.com, 403",
        "live.example.com, http://localhost, 403",
        "internal:9080, http://internal:9080, 403",
        "internal:9081, https://live.example.com, 421",
        "localhost, https://live.example.com, 421",
        "127.0.0.1, https://live.example.com, 421",
        "evil.example, https://live.example.com, 421"
    })
    void nameAndListDecide(String host, String origin, int status) {
        String request = RawHttp.upgrade("/live", host, "Origin: " + origin + "\r\n");

        assertEquals(status, RawHttp.ask(server, request).status());
    }

    @ParameterizedTest
    @CsvSource({"'', 403", "'X-Forwarded-For: 127.0.0.1', 403", "'Forwarded: for=127.0.0.1', 403"})
    void aProgramOfThisMachineIsAStranger(String header, int status) {
        String extra = header.isEmpty() ? "" : header + "\r\n";

        assertEquals(
                status,
                RawHttp.ask(server, RawHttp.upgrade("/live", "live.example.com", extra))
                        .status());
    }

    @ParameterizedTest
    @CsvSource({"live.example.com, true", "live.example.com:443, true", "internal:9080, false"})
    void tlsIsInsistedOnWhereThePublicOriginHasIt(String host, boolean insists) {
        RawHttp.Answer answer =
                RawHttp.ask(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Proto: http\r\n\r\n");

        assertEquals(200, answer.status());
        assertEquals(insists, answer.says("Strict-Transport-Security", "max-age=31536000"), answer::head);
    }
}
