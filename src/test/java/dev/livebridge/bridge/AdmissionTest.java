package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Admission of clients, and the responses to refused ones. */
@QuarkusTest
@TestProfile(AdmissionTest.OneSeat.class)
class AdmissionTest {

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI ready;

    @Inject
    Vertx vertx;

    @Inject
    SessionRegistry sessions;

    @Inject
    Leaks leaks;

    /** A service for one conversation, and for pages of one foreign origin. */
    public static class OneSeat implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.session.max-per-instance", "1",
                    "livebridge.browser.allowed-origins", "https://talk.example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://talk.example.com", "http://localhost:8000", "http://127.0.0.1:8000"})
    void pagesOfAllowedOriginsMayTalk(String origin) {
        try (TestClient client = TestClient.open(vertx, server, "/", Map.of("Origin", origin))) {
            client.send("{\"setup\":{}}");
            client.send("{\"text\":\"Thank you\"}");
            client.awaitMessage("turn_complete");
        }
        leaks.awaitNone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "https://evil.example",
                "http://talk.example.com",
                "https://talk.example.com:8443",
                "https://sub.talk.example.com",
                "https://talk.example.com.evil.example",
                "https://eviltalk.example.com",
                "http://localhost.evil.example",
                "file://"
            })
    void pagesOfOtherOriginsMayNot(String origin) {
        UpgradeRejectedException refusal = refusal(Map.of("Origin", origin));

        assertEquals(403, refusal.getStatus());
    }

    @Test
    void aFullServiceSaysWhenToComeBack() {
        try (TestClient seated = TestClient.open(vertx, server, "/")) {
            seated.send("{\"setup\":{}}");
            // The client's handshake is over a moment before the service has counted the session.
            await().until(() -> sessions.active() == 1);

            UpgradeRejectedException refusal = refusal(Map.of());

            assertEquals(503, refusal.getStatus());
            assertEquals("5", refusal.getHeaders().get("Retry-After"));
            RestAssured.get(ready).then().statusCode(503).body("status", equalTo("DOWN"));
        }
        leaks.awaitNone();
        RestAssured.get(ready).then().statusCode(200).body("checks", notNullValue());
    }

    @Test
    void aPageThatWasRefusedIsToldWhy() {
        try (TestClient seated = TestClient.open(vertx, server, "/")) {
            seated.send("{\"setup\":{}}");
            await().until(() -> sessions.active() == 1);

            whyRefused("https://talk.example.com")
                    .body("admitted", equalTo(false))
                    .body("reason", equalTo("capacity"))
                    .body("retryAfterMs", equalTo(5000));
            whyRefused("https://evil.example").body("reason", equalTo("origin")).body("retryAfterMs", nullValue());
            RestAssured.get(server.resolve("/api/session"))
                    .then()
                    .body("admitted", equalTo(true), "reason", nullValue());
        }
        leaks.awaitNone();
        whyRefused("https://talk.example.com").body("admitted", equalTo(true));
        whyRefused("not an origin").body("reason", equalTo("origin"));
    }

    private ValidatableResponse whyRefused(String origin) {
        return RestAssured.given()
                .queryParam("refused", true)
                .queryParam("origin", origin)
                .get(server.resolve("/api/session"))
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"));
    }

    private UpgradeRejectedException refusal(Map<String, String> headers) {
        CompletionException failure =
                assertThrows(CompletionException.class, () -> TestClient.open(vertx, server, "/", headers));
        return (UpgradeRejectedException) failure.getCause();
    }
}
