package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The operator's list of open sessions and its content. */
@QuarkusTest
class OperatorPagesTest {

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/livebridge/sessions", management = true)
    URI sessions;

    @Inject
    Vertx vertx;

    @Inject
    Leaks leaks;

    @Test
    void theListHasStateAndFiguresOnly() {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{}}");
            client.awaitMessage(message -> message.path("type").asText().equals("ready"));

            operator()
                    .get(sessions)
                    .then()
                    .statusCode(200)
                    .contentType("application/json")
                    .body("active", equalTo(1))
                    .body("draining", equalTo(false))
                    .body("sessions[0].state", equalTo("live"))
                    .body("sessions[0].dialect", equalTo("live"))
                    .body("sessions[0].model", equalTo("gemini-3.8-live"))
                    .body("sessions[0].ageSeconds", greaterThanOrEqualTo(0));
            assertEquals(
                    Set.of(
                            "id",
                            "dialect",
                            "state",
                            "model",
                            "ageSeconds",
                            "quietSeconds",
                            "queueBytesUp",
                            "queueBytesDown",
                            "bytesPerSecondUp",
                            "bytesPerSecondDown"),
                    operator().get(sessions).jsonPath().getMap("sessions[0]").keySet());
        }
        leaks.awaitNone();
    }

    @Test
    void browsersGetAPage() {
        try (TestClient _ = TestClient.open(vertx, server, "/")) {
            await().until(() -> operator().get(sessions).jsonPath().getInt("active") == 1);

            operator()
                    .accept("text/html,application/xhtml+xml;q=0.9")
                    .get(sessions)
                    .then()
                    .statusCode(200)
                    .contentType("text/html")
                    .header("Content-Security-Policy", containsString("default-src 'none'"))
                    .body(containsString("1 of 1000 sessions"))
                    .body(containsString("awaiting_setup"));
        }
        leaks.awaitNone();
        operator().accept("text/html").get(sessions).then().body(containsString("No open sessions."));
    }

    private static RequestSpecification operator() {
        return RestAssured.given().header("X-Livebridge-Operator", "yes");
    }

    @Test
    void clientsDoNotFindIt() {
        assertEquals(
                404, RestAssured.get(server.resolve("/q/livebridge/sessions")).statusCode());
    }
}
