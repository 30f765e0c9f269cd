package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory that one client can use is bounded, and other sessions are not affected. */
@QuarkusTest
@Tag("slow")
@TestProfile(HostileClientTest.WithoutTheGuard.class)
class HostileClientTest extends BridgeFixture {

    /** Tests the session's own limits; the limits of the connection's guard are higher here. */
    public static class WithoutTheGuard extends UpstreamFaultsTest.Quick {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("livebridge.session.setup-max-bytes", "1048576");
            settings.put("livebridge.session.frames-per-second", "1000000");
            settings.put("livebridge.session.bytes-per-second", "1000000000");
            return settings;
        }
    }

    private static final int INSTANCE_BYTES = 12_000_000;

    @Inject
    MeterRegistry meters;

    @Test
    void framesThatAreNotJsonAreAnsweredForAWhileAndThenEndTheSession() {
        try (TestClient client = ready("{\"setup\":{}}")) {
            for (int i = 0; i < 20_000 && !client.closed(); i++) {
                client.send("{");
            }

            client.awaitClosed();
            List<JsonNode> errors = client.ofType("error");
            assertEquals("bad_message", errors.getLast().path("code").asText());
            assertTrue(errors.getLast().path("fatal").asBoolean());
            assertTrue(errors.size() <= 22, errors.size() + " answers");
        }
    }

    @Test
    void aSetupFullOfUnknownMembersGetsAFewNotices() {
        StringBuilder tool = new StringBuilder("{\"setup\":{\"tools\":[{");
        for (int i = 0; i < 3_000; i++) {
            tool.append("\"n").append(i).append("\":0,");
        }
        try (TestClient client = ready(tool.append("\"googleSearch\":{}}]}}").toString())) {
            assertTrue(client.ofType("ready").getFirst().path("notices").size() <= 33);
        }
    }

    @Test
    void pingsOfAClientThatDoesNotReadEndAtTheBoundOfItsQueue() {
        try (TestClient bystander = ready("{\"setup\":{}}");
                TestClient client = narrow("{\"setup\":{}}")) {
            client.stopReading();
            double endedBefore = leaks.ended("slow_consumer");
            double most = 0;
            for (int i = 0; i < 200_000 && leaks.ended("slow_consumer") == endedBefore; i++) {
                client.send("{\"ping\":{\"t\":1}}");
                if (i % 500 == 0) {
                    most = Math.max(most, kept());
                }
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> leaks.ended("slow_consumer") == endedBefore + 1);
            assertTrue(most < INSTANCE_BYTES, most + " bytes");
            assertFalse(bystander.closed());
            client.vanish();
        }
    }

    @Test
    void textWithoutAnAnswerIsKeptWithinABound() {
        String turn = "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + "a".repeat(900_000)
                + "\"}]}]}}";
        try (TestClient client = ready("{\"setup\":{}}")) {
            double most = 0;
            for (int i = 0; i < 16 && !client.closed(); i++) {
                client.send(turn);
                most = Math.max(most, kept());
            }

            assertTrue(most < INSTANCE_BYTES + 3_000_000, most + " bytes");
        }
    }

    @Test
    void manyLargeSetupsEndTheHeaviestAndNotTheSmallOnes() {
        List<TestClient> large = new ArrayList<>();
        try (TestClient small = ready("{\"setup\":{}}")) {
            double endedBefore = leaks.ended("memory_limit");
            String setup = "{\"setup\":{\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\""
                    + "a".repeat(900_000) + "\"}]}]}}";
            for (int i = 0; i < 12 && leaks.ended("memory_limit") == endedBefore; i++) {
                TestClient client = TestClient.open(vertx, server, "/live");
                large.add(client);
                client.send(setup);
                await().until(() -> !client.received().isEmpty() || client.closed());
            }

            await().until(() -> leaks.ended("memory_limit") > endedBefore);
            assertFalse(small.closed());
            await().until(() -> kept() <= INSTANCE_BYTES);
        } finally {
            large.forEach(TestClient::close);
        }
    }

    private double kept() {
        return meters.get(Metric.QUEUE_BYTES.id()).gauge().value();
    }

    private TestClient ready(String setup) {
        TestClient client = TestClient.open(vertx, server, "/live");
        client.send(setup);
        client.awaitTypes("ready", 1);
        return client;
    }

    private TestClient narrow(String setup) {
        TestClient client = TestClient.openNarrow(vertx, server, "/live");
        client.send(setup);
        client.awaitTypes("ready", 1);
        return client;
    }
}
