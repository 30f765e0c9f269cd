package dev.livebridge.bridge;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.telemetry.Metric;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Black-box test of the packaged service: page, conversation, health and metrics. */
@QuarkusIntegrationTest
class PackagedServiceIT {

    private static Vertx vertx;

    @TestHTTPResource("/")
    URI server;

    @BeforeAll
    static void startClients() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopClients() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void thePackageStartsWithoutWarningsOfLibraries() throws IOException {
        try (JarFile jar = new JarFile("target/quarkus-app/quarkus-run.jar")) {
            assertEquals("ALL-UNNAMED", jar.getManifest().getMainAttributes().getValue("Enable-Native-Access"));
        }
        String metrics = get(management("/metrics")).asString();
        assertFalse(metrics.contains("vertx_http_connections"), "two servers register the same name");
        assertFalse(metrics.contains("http_server_active_connections"), "two servers register the same name");
    }

    @Test
    void aConversationIsHeldAndCounted() {
        try (TestClient client = TestClient.open(vertx, server, "/")) {
            client.send("{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}");
            client.say(Sound.speech(1_000));
            client.say(Sound.silence(1_500));

            client.awaitMessage("turn_complete");

            assertTrue(client.all("audio").count() > 0);
            String metrics = get(management("/metrics")).asString();
            assertTrue(metrics.contains(Metric.RELAY_LATENCY.prometheusName() + "_bucket"), metrics);
            assertTrue(metrics.contains(Metric.SESSIONS_ACTIVE.prometheusName() + " 1.0"), metrics);
        }
    }

    @Test
    void thePageIsServedWithAStrictPolicy() {
        get(server)
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .body(containsString("<gemini-live"));
    }

    @Test
    void healthAndMetricsAreOnTheManagementPortOnly() {
        for (String path : new String[] {"/health/started", "/health/live", "/health/ready"}) {
            get(management(path)).then().statusCode(200).body("status", equalTo("UP"));
            assertEquals(404, get(server.resolve("/q" + path)).statusCode());
        }
        assertEquals(404, get(server.resolve("/q/metrics")).statusCode());
    }

    private static String management(String path) {
        return System.getProperty("test.management.url") + path;
    }
}
