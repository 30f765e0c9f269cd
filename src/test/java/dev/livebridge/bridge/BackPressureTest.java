package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.simulator.Fault;
import dev.livebridge.simulator.Fault.Moment;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that stops reading affects its own session only. */
@QuarkusTest
@Tag("slow")
@TestProfile(UpstreamFaultsTest.Quick.class)
class BackPressureTest extends BridgeFixture {

    private static final Logger LOG = Logger.getLogger(BackPressureTest.class);
    private static final String ECHO =
            "{\"setup\":{\"system_instruction\":{\"parts\":[{\"text\":\"livebridge-simulator: echo\"}]}}}";
    private static final int POD_BYTES = 12_000_000;
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Moment NOW = new Moment.AfterSetupComplete(Duration.ZERO);

    @Inject
    MeterRegistry meters;

    @Test
    void aModelThatStopsReadingCountsAsLostAndTheTalkGoesOn() {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"stalled\"}]},"
                    + "\"outputAudioTranscription\":{}}}");
            client.send("{\"text\":\"My name is Ada\"}");
            client.awaitTypes("turnComplete", 1);

            assertEquals(1, simulator.faults().now("stalled", new Fault.Stall(NOW)));
            // Until the kernel's buffers are full, writes still succeed. The interval keeps the client below its rate.
            byte[] chunk = new byte[200_000];
            await().atMost(Duration.ofSeconds(60)).pollInterval(PACE).until(() -> {
                client.speak(chunk);
                return client.ofType("upstream").stream().anyMatch(message -> message.has("memory"));
            });
            client.send("{\"text\":\"What is my name?\"}");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.ofType("transcript").stream()
                            .anyMatch(message -> message.path("text").asText().contains("Ada")));
            assertTrue(client.ofType("error").isEmpty(), client.ofType("error").toString());
            double dropped = meters.find(Metric.RELAY_DROPPED.id()).tag("direction", "up").counters().stream()
                    .mapToDouble(each -> each.count())
                    .sum();
            assertTrue(dropped > 0, "the oldest sound gave way");
        }
        // It will never notice by itself that it was left
        simulator.faults().now("stalled", new Fault.Drop(NOW));
    }

    @Test
    void manySlowReadersDoNotSlowTheGoodOnesNorFillThePod() {
        List<TestClient> good = open(8, false);
        List<TestClient> slow = open(24, true);
        try {
            long calm = roundTripMillis(good);
            slow.forEach(TestClient::stopReading);

            byte[] chunk = new byte[200_000];
            List<Long> beside = new ArrayList<>();
            double mostQueued = 0;
            double endedBefore = leaks.ended("slow_consumer");
            for (int round = 0; round < 400 && leaks.ended("slow_consumer") - endedBefore < slow.size(); round++) {
                slow.stream().filter(client -> !client.closed()).forEach(client -> client.say(chunk));
                beside.add(roundTripMillis(good));
                mostQueued = Math.max(
                        mostQueued, meters.get(Metric.QUEUE_BYTES.id()).gauge().value());
            }

            // Half of the rounds; the work of stuffing the others goes on in the same process
            beside.sort(null);
            long usual = beside.get(beside.size() / 2);
            LOG.infof(
                    "slowest of %d good talkers: %d ms calm, %d ms (at worst %d) beside %d that do not read;"
                            + " most bytes queued %.0f",
                    good.size(), calm, usual, beside.getLast(), slow.size(), mostQueued);
            assertEquals(slow.size(), leaks.ended("slow_consumer") - endedBefore, "every slow one was ended");
            assertTrue(good.stream().noneMatch(TestClient::closed), "and no good one");
            // One message for each may be on its way when the bound is found to be exceeded
            assertTrue(mostQueued < POD_BYTES + 24 * 300_000, mostQueued + " bytes queued");
            assertTrue(usual < calm + 1_000, calm + " ms, then " + usual + " ms");
            assertFalse(good.isEmpty());
        } finally {
            Stream.concat(good.stream(), slow.stream()).forEach(TestClient::vanish);
        }
    }

    private List<TestClient> open(int count, boolean narrow) {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestClient client =
                    narrow ? TestClient.openNarrow(vertx, server, "/") : TestClient.open(vertx, server, "/");
            client.send(ECHO);
            client.say(new byte[320]);
            clients.add(client);
        }
        clients.forEach(client -> client.awaitMessage("audio"));
        return clients;
    }

    /** The longest round trip of a chunk. */
    private static long roundTripMillis(List<TestClient> clients) {
        List<Long> before =
                clients.stream().map(client -> client.all("audio").count()).toList();
        long begun = System.nanoTime();
        clients.forEach(client -> client.say(new byte[640]));
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    for (int i = 0; i < clients.size(); i++) {
                        if (clients.get(i).all("audio").count() <= before.get(i)) {
                            return false;
                        }
                    }
                    return true;
                });
        return (System.nanoTime() - begun) / 1_000_000;
    }
}
