package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.bridge.UpstreamFaultsTest.Scene;
import dev.livebridge.bridge.UpstreamFaultsTest.Upset;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every fault of the upstream connection while the instance drains: each client still gets {@code migrate}, or its
 * session ends with the right cause. An instance drains once, so all cases run at once.
 */
@QuarkusTest
@Tag("slow")
@TestProfile(DrainingFaultsTest.Leaving.class)
class DrainingFaultsTest extends BridgeFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TestHTTPResource(value = "/livebridge/drain", management = true)
    URI drain;

    /** A drain that is long enough for the faults and short enough for a test. */
    public static class Leaving extends UpstreamFaultsTest.Quick {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("livebridge.drain.spread", "3s");
            overrides.put("livebridge.drain.timeout", "25s");
            return overrides;
        }
    }

    private record Case(Scene scene, Upset upset) {
        String name() {
            return scene + "-" + upset + "-leaving";
        }
    }

    @Test
    void everyUpsetInEverySceneWhileTheProcessLeaves() throws InterruptedException, ExecutionException {
        Map<Case, TestClient> clients = new ConcurrentHashMap<>();
        byte[] reference;
        try (TestClient undisturbed = UpstreamFaultsTest.begin(vertx, server, "undisturbed")) {
            UpstreamFaultsTest.set(Scene.MODEL_SPEAKS, undisturbed);
            undisturbed.awaitTypes("turnComplete", 2);
            reference = undisturbed.voice(2);
        }
        try {
            setAll(clients);

            RestAssured.given()
                    .header("X-Livebridge-Operator", "yes")
                    .post(drain)
                    .then()
                    .statusCode(202);
            // Whoever only listens may have left already; everybody else is in the middle of something.
            clients.keySet().forEach(each -> {
                int hit = simulator.faults().now(each.name(), each.upset().event());
                assertTrue(hit == 1 || each.scene() == Scene.LISTENING, each::name);
            });

            clients.forEach((each, client) -> assertLeaves(each, client, reference));
        } finally {
            clients.values().forEach(TestClient::close);
        }
    }

    private void setAll(Map<Case, TestClient> clients) throws InterruptedException, ExecutionException {
        List<Future<?>> sets = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Scene scene : Scene.values()) {
                for (Upset upset : Upset.values()) {
                    Case each = new Case(scene, upset);
                    sets.add(threads.submit(() -> {
                        TestClient client = UpstreamFaultsTest.begin(vertx, server, each.name());
                        clients.put(each, client);
                        UpstreamFaultsTest.set(scene, client);
                    }));
                }
            }
        }
        for (Future<?> set : sets) {
            set.get();
        }
    }

    private static void assertLeaves(Case each, TestClient client, byte[] reference) {
        Awaitility.await(each.name()).atMost(PATIENCE).until(client::closed);
        boolean told = !client.ofType("migrate").isEmpty();
        JsonNode last =
                client.ofType("error").isEmpty() ? null : client.ofType("error").getLast();
        if (each.upset() == Upset.KEY_WITHDRAWN && !told) {
            assertEquals(
                    "upstream_credentials",
                    last == null ? "" : last.path("code").asText(),
                    each::name);
            return;
        }
        assertTrue(told, () -> each.name() + ": " + client.received().getLast());
        assertEquals(1, client.ofType("migrate").size(), each::name);
        assertFalse(client.ofType("migrate").getFirst().path("token").asText().isEmpty(), each::name);
        assertEquals(1012, client.closeCode().intValue(), each::name);
        assertEquals(1, client.ofType("ready").size(), each::name);
        if (each.scene() == Scene.MODEL_SPEAKS) {
            byte[] heard = client.voice(2);
            assertArrayEquals(Arrays.copyOf(reference, heard.length), heard, () -> each.name() + ": doubled or lost");
            assertEquals(2, client.ofType("turnComplete").size(), each::name);
        }
        if (each.scene() == Scene.TOOL_PENDING) {
            // The model no longer waits for the result.
            assertEquals(1, client.ofType("toolCallCancellation").size(), each::name);
        }
    }
}
