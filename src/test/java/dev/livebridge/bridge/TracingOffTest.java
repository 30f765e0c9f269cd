package dev.livebridge.bridge;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.livebridge.telemetry.ConversationTrace;
import dev.livebridge.telemetry.Tracing;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** By default there is no tracing, regardless of a request's headers. */
@QuarkusTest
@Tag("slow")
class TracingOffTest {

    private static final String CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    Vertx vertx;

    @Inject
    Spans spans;

    @Inject
    Tracing tracing;

    @Inject
    Leaks leaks;

    @Test
    void nothingIsTraced() {
        try (TestClient client = TestClient.open(vertx, server, "/live", Map.of("traceparent", CALLER))) {
            client.send("{\"setup\":{}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning\"}");
            client.awaitTypes("turnComplete", 1);
        }
        leaks.awaitNone();

        assertEquals(List.of(), spans.all());
        assertFalse(given().get(metrics).asString().contains("# {"));
        assertSame(ConversationTrace.NONE, tracing.begin("session", CALLER));
    }
}
