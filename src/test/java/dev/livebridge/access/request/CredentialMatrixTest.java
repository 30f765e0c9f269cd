package dev.livebridge.access.request;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.HostileClient;
import dev.livebridge.hostile.HostileClient.Frame;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.simulator.Simulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each carrier with each kind of invalid credential on each path: the specified refusal, and no connection to the
 * model.
 */
@QuarkusTest
@TestProfile(AccessProfile.class)
class CredentialMatrixTest {

    private static final String GEMINI =
            "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    @TestHTTPResource("/")
    URI server;

    @Inject
    Simulator simulator;

    @Inject
    SessionRegistry sessions;

    @Inject
    MeterRegistry meters;

    private final Path directory = AccessProfile.directory();

    private final Map<String, String> credentials = new HashMap<>();

    @BeforeEach
    void issue() throws IOException {
        Issuer issuer = Issuer.read(directory);
        Issuer foreign = Issuer.create("one");
        long now = Instant.now().getEpochSecond();
        credentials.put("key", Files.readString(directory.resolve("key-server")));
        credentials.put("key-of-a-page", Files.readString(directory.resolve("key-page")));
        credentials.put("key-expired", Files.readString(directory.resolve("key-former")));
        credentials.put("key-revoked", Files.readString(directory.resolve("key-revoked")));
        credentials.put("key-wrong", credential("key").replaceAll("_[^_]{5}", "_AAAAA"));
        credentials.put("key-malformed", "lb_server_short");
        credentials.put("key-of-google", "AI" + "za" + "A".repeat(35));
        credentials.put("jwt", issuer.token("alice"));
        credentials.put("jwt-soon", issuer.token("alice", c -> c.setNotBefore(NumericDate.fromSeconds(now + 20))));
        credentials.put("jwt-malformed", "a.b.c");
        credentials.put("jwt-not-one", "garbage");
        credentials.put(
                "jwt-expired", issuer.token("alice", c -> c.setExpirationTime(NumericDate.fromSeconds(now - 3))));
        credentials.put(
                "jwt-long-expired",
                issuer.token("alice", c -> c.setExpirationTime(NumericDate.fromSeconds(now - 300))));
        credentials.put("jwt-without-end", issuer.token("alice", c -> c.unsetClaim("exp")));
        credentials.put("jwt-later", issuer.token("alice", c -> c.setNotBefore(NumericDate.fromSeconds(now + 300))));
        credentials.put("jwt-wrong-audience", issuer.token("alice", c -> c.setAudience("another-service")));
        credentials.put("jwt-without-audience", issuer.token("alice", c -> c.unsetClaim("aud")));
        credentials.put("jwt-wrong-issuer", issuer.token("alice", c -> c.setIssuer("https://evil.example")));
        credentials.put("jwt-without-subject", issuer.token("alice", c -> c.unsetClaim("sub")));
        credentials.put("jwt-long-subject", issuer.token("a".repeat(300)));
        credentials.put("jwt-unsigned", Issuer.unsigned("alice"));
        credentials.put("jwt-wrong-algorithm", issuer.confused("alice"));
        credentials.put("jwt-of-a-foreign-issuer", foreign.token("alice"));
        credentials.put("ticket-malformed", "livebridge.ticket.AAAA");
        credentials.put("ticket-empty", "livebridge.ticket.");
    }

    /** A request's headers and query. */
    private record Carried(String query, List<String> headers) {}

    private Carried carry(String carrier, String text) {
        return switch (carrier) {
            case "none" -> new Carried("", List.of());
            case "authorization" -> new Carried("", List.of("Authorization: Bearer " + text));
            case "subprotocol" ->
                new Carried(
                        "",
                        List.of("Sec-WebSocket-Protocol: livebridge, "
                                + URLEncoder.encode(
                                                "quarkus-http-upgrade#Authorization#Bearer " + text,
                                                StandardCharsets.UTF_8)
                                        .replace("+", "%20")));
            case "protocol" -> new Carried("", List.of("Sec-WebSocket-Protocol: livebridge, " + text));
            case "x-goog-api-key" -> new Carried("", List.of("x-goog-api-key: " + text));
            case "key" -> new Carried("?key=" + text, List.of());
            case "token" -> new Carried("", List.of("Authorization: Token " + text));
            case "access_token" ->
                new Carried("?access_token=" + URLEncoder.encode(text, StandardCharsets.UTF_8), List.of());
            default -> throw new AssertionError(carrier);
        };
    }

    private HostileClient connect(String path, Carried carried, int expected) throws IOException {
        HostileClient client = new HostileClient(server);
        int status = client.upgrade(path + carried.query(), carried.headers().toArray(String[]::new));
        assertEquals(expected, status, () -> path + " " + client.header("WWW-Authenticate"));
        return client;
    }

    private void assertAdmitted(String path, Carried carried) throws IOException {
        try (HostileClient client = connect(path, carried, 101)) {
            client.send("{\"setup\":{}}");
            await().atMost(Duration.ofSeconds(20)).until(() -> sessions.active() == 1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> sessions.active() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/, authorization, key",
        "/live, authorization, key",
        "/live, subprotocol, key",
        "/live, authorization, jwt",
        "/, authorization, jwt",
        "/live, subprotocol, jwt",
        "/live, authorization, jwt-soon",
        "GEMINI, authorization, key",
        "GEMINI, x-goog-api-key, key",
        "GEMINI, key, key",
        "GEMINI, authorization, jwt",
    })
    void aValidCredentialIsAdmitted(String path, String carrier, String credential) throws IOException {
        assertAdmitted(path.replace("GEMINI", GEMINI), carry(carrier, credential(credential)));
    }

    @ParameterizedTest
    @CsvSource({
        "none, jwt, 401, auth_missing",
        "authorization, key-expired, 401, auth_expired",
        "authorization, key-revoked, 401, auth_invalid",
        "authorization, key-wrong, 401, auth_invalid",
        "authorization, key-malformed, 401, auth_invalid",
        "authorization, key-of-google, 401, auth_invalid",
        "authorization, jwt-malformed, 401, auth_invalid",
        "authorization, jwt-not-one, 401, auth_invalid",
        "authorization, jwt-expired, 401, auth_expired",
        "authorization, jwt-long-expired, 401, auth_expired",
        "authorization, jwt-without-end, 401, auth_invalid",
        "authorization, jwt-later, 401, auth_invalid",
        "authorization, jwt-wrong-audience, 401, auth_invalid",
        "authorization, jwt-without-audience, 401, auth_invalid",
        "authorization, jwt-wrong-issuer, 401, auth_invalid",
        "authorization, jwt-without-subject, 401, auth_invalid",
        "authorization, jwt-long-subject, 401, auth_invalid",
        "authorization, jwt-unsigned, 401, auth_invalid",
        "authorization, jwt-wrong-algorithm, 401, auth_invalid",
        "authorization, jwt-of-a-foreign-issuer, 401, auth_invalid",
        "subprotocol, key-wrong, 401, auth_invalid",
        "subprotocol, jwt-expired, 401, auth_expired",
        "subprotocol, jwt-wrong-audience, 401, auth_invalid",
        "subprotocol, jwt-wrong-algorithm, 401, auth_invalid",
        "protocol, ticket-malformed, 401, auth_invalid",
        "protocol, ticket-empty, 401, auth_invalid",
        // Carriers of Google's SDKs are accepted on Gemini's paths only.
        "x-goog-api-key, key, 401, auth_missing",
        "key, key, 401, auth_missing",
        "access_token, jwt, 401, auth_missing",
        "token, jwt, 401, auth_invalid",
    })
    void anInvalidCredentialIsRefusedBeforeTheUpgrade(String carrier, String credential, int status, String reason)
            throws IOException {
        long before = simulator.statistics().totalConnections();
        Carried carried = carry(carrier, credential(credential));

        for (String path : List.of("/", "/live")) {
            try (HostileClient client = connect(path, carried, status)) {
                String challenge = String.valueOf(client.header("WWW-Authenticate"));
                assertTrue(challenge.startsWith("Bearer realm=\"livebridge\""), challenge);
                assertEquals(
                        reason.equals("auth_missing"),
                        !challenge.contains("error"),
                        "no credential, no error: " + challenge);
                assertTrue(reason.equals("auth_missing") || challenge.contains(reason), challenge);
                assertEquals("no-store", client.header("Cache-Control"));
            }
        }

        assertEquals(before, simulator.statistics().totalConnections());
        assertEquals(0, sessions.active());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | jwt | 1008 | Method doesn't allow unregistered callers",
                "x-goog-api-key | key-wrong | 1007 | API key not valid. Please pass a valid API key.",
                "x-goog-api-key | key-of-google | 1007 | API key not valid. Please pass a valid API key.",
                "x-goog-api-key | key-revoked | 1007 | API key not valid. Please pass a valid API key.",
                "x-goog-api-key | key-malformed | 1007 | API key not valid. Please pass a valid API key.",
                "x-goog-api-key | key-expired | 1007 | API key expired. Please renew the API key.",
                "key | key-of-google | 1007 | API key not valid. Please pass a valid API key.",
                "key | key-expired | 1007 | API key expired. Please renew the API key.",
                "token | auth_tokens/AAAA | 1008 | Method doesn't allow unregistered callers",
                "access_token | auth_tokens/AAAA | 1008 | Method doesn't allow unregistered callers",
                "access_token | jwt | 1011 | Request had invalid authentication credentials.",
                "authorization | jwt-expired | 1011 | Token has expired",
                "authorization | jwt-wrong-audience | 1011 | Request had invalid authentication credentials.",
                "authorization | jwt-unsigned | 1011 | Request had invalid authentication credentials.",
                "authorization | jwt-wrong-algorithm | 1011 | Request had invalid authentication credentials.",
            })
    void onGeminisPathsTheSocketIsClosedWithGeminisCloseCode(String carrier, String credential, int code, String words)
            throws IOException {
        long before = simulator.statistics().totalConnections();
        Carried carried = carry(carrier, credentials.getOrDefault(credential, credential));

        try (HostileClient client = connect(GEMINI, carried, 101)) {
            Frame close = Objects.requireNonNull(client.read(Duration.ofSeconds(20)));

            assertEquals(HostileClient.CLOSE, close.opcode());
            assertEquals(code, close.closeCode());
            assertTrue(close.closeReason().startsWith(words), close::closeReason);
        }
        assertEquals(before, simulator.statistics().totalConnections());
        assertEquals(0, sessions.active());
        assertEquals(0, sessions.awaitingSetup());
    }

    @ParameterizedTest
    @CsvSource({
        "/live, Origin: https://evil.example, 403",
        "/, Origin: https://evil.example, 403",
        "/ws/google.ai.generativelanguage.v9.GenerativeService.BidiGenerateContent, X-None: x, 404",
    })
    void originAndPathAreCheckedBeforeTheCredential(String path, String header, int status) throws IOException {
        try (HostileClient client = connect(path, new Carried("", List.of(header)), status)) {
            assertNull(client.header("WWW-Authenticate"));
        }
    }

    @Test
    void twoDifferentCredentialsAreRefusedAlsoIfBothAreValid() throws IOException {
        String key = credential("key");
        List<String> two = new ArrayList<>(carry("authorization", key).headers());
        two.addAll(carry("subprotocol", credential("jwt")).headers());

        try (HostileClient client = connect("/live", new Carried("", two), 400)) {
            assertTrue(String.valueOf(client.header("WWW-Authenticate")).contains("invalid_request"));
        }
        try (HostileClient client = connect(
                "/live",
                new Carried(
                        "",
                        List.of("Authorization: Bearer " + key, "Authorization: Bearer " + credential("key-wrong"))),
                400)) {
            assertEquals("no-store", client.header("Cache-Control"));
        }
        try (HostileClient client = connect(
                GEMINI, new Carried("?key=" + credential("key-of-google"), List.of("x-goog-api-key: " + key)), 101)) {
            Frame close = Objects.requireNonNull(client.read(Duration.ofSeconds(20)));
            assertEquals(1007, close.closeCode());
            assertTrue(close.closeReason().contains("two different credentials"), close::closeReason);
        }
    }

    @Test
    void theSameCredentialTwiceIsAdmitted() throws IOException {
        String key = credential("key");

        assertAdmitted(GEMINI, new Carried("?key=" + key, List.of("x-goog-api-key: " + key)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Token auth_tokens/x", "\"", "Digest username=\"x\""})
    void anUnknownAuthorizationSchemeIsInvalid(String value) throws IOException {
        try (HostileClient client = connect("/live", new Carried("", List.of("Authorization: " + value)), 401)) {
            assertTrue(String.valueOf(client.header("WWW-Authenticate")).contains("auth_invalid"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quarkus-http-upgrade%23Authorization",
                "quarkus-http-upgrade%23Authorization%23Bearer%20x%23y",
                "quarkus-http-upgrade%23Cookie%23q_session=x",
                "quarkus-http-upgrade%23%23",
                "quarkus-http-upgrade%23Authorization%23Basic%20x"
            })
    void aMalformedCarrierIsInvalid(String protocol) throws IOException {
        try (HostileClient client =
                connect("/live", new Carried("", List.of("Sec-WebSocket-Protocol: livebridge, " + protocol)), 401)) {
            assertTrue(String.valueOf(client.header("WWW-Authenticate")).contains("auth_invalid"));
        }
    }

    @Test
    void aPageNeedsAnAllowedOriginAndAKeyWithThisOrigin() throws IOException {
        String key = credential("key-of-a-page");
        String allowed = "Origin: " + AccessProfile.PAGE;

        assertAdmitted("/live", new Carried("", List.of(allowed, "Authorization: Bearer " + key)));
        connect("/live", new Carried("", List.of("Origin: https://evil.example", "Authorization: Bearer " + key)), 403)
                .close();
        connect("/live", new Carried("", List.of(allowed, "Authorization: Bearer " + credential("key"))), 403)
                .close();
    }

    @Test
    void theKeysFileHasAGauge() {
        assertEquals(
                1,
                meters.get("livebridge.settings.file.valid")
                        .tag("setting", "livebridge.access.keys-file")
                        .gauge()
                        .value());
    }

    @Test
    void anInvalidSessionCookieIsRefused() throws IOException {
        connect("/live", new Carried("", List.of("Cookie: q_session=invalid")), 401)
                .close();
        connect("/live", new Carried("", List.of("Origin: " + AccessProfile.PAGE, "Cookie: q_session=invalid")), 401)
                .close();
    }

    private String credential(String name) {
        return Objects.requireNonNull(credentials.get(name), name);
    }
}
