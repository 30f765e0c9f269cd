package dev.livebridge.access.request;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.hostile.HostileClient;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.simulator.Simulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/tickets}, and upgrades with its tickets. */
@QuarkusTest
@TestProfile(AccessProfile.class)
class TicketRouteTest {

    private static final String USER = "{\"subject\":\"user-7\",\"origin\":\"https://talk.example.com\"}";
    private static final String GEMINI =
            "//ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained";

    @TestHTTPResource("/")
    URI server;

    @Inject
    Simulator simulator;

    @Inject
    SessionRegistry sessions;

    private final Path directory = AccessProfile.directory();

    private String key(String id) throws IOException {
        return Files.readString(directory.resolve("key-" + id));
    }

    private ValidatableResponse post(String body, Map<String, String> headers) {
        return given().headers(headers)
                .body(body)
                .contentType("application/json")
                .post(server + "api/tickets")
                .then();
    }

    private String ticket(String body, String bearer) {
        return post(body, Map.of("Authorization", "Bearer " + bearer))
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("protocols.size()", equalTo(2))
                .body("protocols[0]", equalTo("livebridge"))
                .body("protocols[1]", startsWith("livebridge.ticket."))
                .body("expiresInMs", equalTo(30_000))
                .extract()
                .path("protocols[1]");
    }

    private int upgrade(String path, String... headers) throws IOException {
        try (HostileClient client = new HostileClient(server)) {
            int status = client.upgrade(path, headers);
            if (status == 101) {
                client.send("{\"setup\":{}}");
                await().atMost(Duration.ofSeconds(20)).until(() -> sessions.active() == 1);
            }
            return status;
        } finally {
            await().atMost(Duration.ofSeconds(20)).until(() -> sessions.active() == 0);
        }
    }

    @Test
    void aTicketForAUserStartsOneConversationFromItsPage() throws IOException {
        String protocols = "Sec-WebSocket-Protocol: livebridge, " + ticket(USER, key("server"));
        String page = "Origin: " + AccessProfile.PAGE;

        assertEquals(403, upgrade("/live", protocols), "a program can't use it");
        long before = simulator.statistics().totalConnections();
        assertEquals(101, upgrade("/live", protocols, page));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> simulator.statistics().totalConnections() > before);
        long connections = simulator.statistics().totalConnections();
        assertEquals(401, upgrade("/live", protocols, page), "it can't be used twice");
        assertEquals(connections, simulator.statistics().totalConnections());
    }

    @Test
    void aTicketIsAcceptedAsEphemeralToken() throws IOException {
        String ticket = ticket("{\"subject\":\"user-7\",\"origin\":\"none\"}", key("server"))
                .substring("livebridge.ticket.".length());

        assertEquals(101, upgrade(GEMINI + "?access_token=auth_tokens/" + ticket));
    }

    @Test
    void aCallerGetsATicketForItself() throws IOException {
        String ticket = ticket("", Issuer.read(directory).token("alice"));

        assertEquals(101, upgrade("/live", "Sec-WebSocket-Protocol: livebridge, " + ticket));
    }

    @Test
    void aTicketGetsNoTicket() throws IOException {
        String ticket = ticket("", key("server"));

        post("", Map.of("Sec-WebSocket-Protocol", ticket)).statusCode(403).body("error.code", equalTo("forbidden"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "server | {\"subject\":\"user-7\"} | 400 | bad_request",
                "server | {\"origin\":\"none\"} | 400 | bad_request",
                "server | {\"subject\":\"user 7\",\"origin\":\"none\"} | 400 | bad_request",
                "server | {\"subject\":7,\"origin\":\"none\"} | 400 | bad_request",
                "server | {\"subject\":\"user-7\",\"origin\":\"talk.example.com\"} | 400 | bad_request",
                "server | {\"subject\":\"user-7\",\"origin\":\"none\",\"more\":1} | 400 | bad_request",
                "server | {\"subject\":\"user-7\",\"origin\":\"none\",\"roles\":\"talk\"} | 400 | bad_request",
                "server | {\"subject\":\"user-7\",\"origin\":\"none\",\"roles\":[1]} | 400 | bad_request",
                "server | {\"subject\":\"user-7\",\"origin\":\"none\",\"roles\":[\"admin\"]} | 403 | forbidden",
                "server | {\"subject\":\"user-7\",\"origin\":\"none\",\"roles\":[\"mint\"]} | 403 | forbidden",
                "server | [] | 400 | bad_request",
                "server | nonsense | 400 | bad_request",
                "former | {\"subject\":\"user-7\",\"origin\":\"none\"} | 401 | auth_expired",
                "revoked | {\"subject\":\"user-7\",\"origin\":\"none\"} | 401 | auth_invalid",
                "page | {\"subject\":\"user-7\",\"origin\":\"none\"} | 403 | forbidden",
            })
    void anInvalidRequestGetsAnError(String id, String body, int status, String code) throws IOException {
        post(body, Map.of("Authorization", "Bearer " + key(id)))
                .statusCode(status)
                .header("Cache-Control", "no-store")
                .body("error.code", equalTo(code))
                .body("error.message.length()", org.hamcrest.Matchers.greaterThan(10));
    }

    @Test
    void withoutACredentialThereIsNoTicket() {
        post(USER, Map.of())
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("error.code", equalTo("auth_missing"));
        post("", Map.of("Cookie", "q_session=x")).statusCode(401).body("error.code", equalTo("auth_missing"));
    }

    @Test
    void aForeignPageGetsNoTicket() throws IOException {
        post("", Map.of("Authorization", "Bearer " + key("page"), "Origin", "https://evil.example"))
                .statusCode(403);
        post("", Map.of("Cookie", "q_session=x", "Origin", "https://evil.example"))
                .statusCode(403);
    }

    @Test
    void largeBodiesAndOtherMethodsAreRefused() throws IOException {
        Map<String, String> valid = Map.of("Authorization", "Bearer " + key("server"));

        post("{\"subject\":\"" + "u".repeat(4_000) + "\"}", valid).statusCode(413);
        given().headers(valid).get(server + "api/tickets").then().statusCode(405);
        given().headers(valid)
                .body("x")
                .post(server + "api/usage-of-nothing")
                .then()
                .statusCode(413);
    }
}
