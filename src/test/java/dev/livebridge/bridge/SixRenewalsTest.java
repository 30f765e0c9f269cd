package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.livebridge.simulator.Simulator;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An hour of conversation in half a minute: an upstream connection lasts five seconds instead of nine minutes. Each
 * session is rotated six times without a visible effect.
 */
@QuarkusTest
@Tag("slow")
@TestProfile(SixRenewalsTest.ShortLived.class)
class SixRenewalsTest {

    private static final Logger LOG = Logger.getLogger(SixRenewalsTest.class);
    private static final int TALKERS = 10;
    private static final int RENEWALS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    @Inject
    Simulator simulator;

    @Inject
    Leaks leaks;

    private final AtomicLong spokenBytes = new AtomicLong();

    /** Short-lived upstream connections: some end with {@code goAway}, others reach the gateway's own age limit. */
    public static class ShortLived implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "livebridge.simulator.go-away-after", "5s",
                    "livebridge.simulator.go-away-time-left", "20s",
                    "livebridge.upstream.max-connection-age", "5200ms");
        }
    }

    @Test
    void sixRenewalsNoneOfThemAudible() throws Exception {
        List<Future<List<Long>>> talks = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int talker = 0; talker < TALKERS; talker++) {
                boolean speaks = talker % 2 == 1;
                talks.add(threads.submit(() -> talk(speaks)));
            }
        }

        List<Long> gaps = new ArrayList<>();
        for (Future<List<Long>> talk : talks) {
            gaps.addAll(talk.get());
        }
        report(gaps);
        long heard = simulator.statistics().connections().stream()
                .mapToLong(connection -> connection.audio().bytes())
                .sum();
        assertEquals(spokenBytes.get(), heard, "bytes of microphone sound that arrived, over all connections");
        leaks.awaitNone();
    }

    /** Talks until the connection was rotated often enough; returns the gaps in milliseconds. */
    private List<Long> talk(boolean speaks) {
        try (TestClient client = TestClient.open(vertx, server, "/live")) {
            client.send("{\"setup\":{\"outputAudioTranscription\":{}}}");
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            byte[] reference = new byte[0];
            int turns = 0;
            while (count(client, "ready") < RENEWALS) {
                assertTrue(System.nanoTime() < deadline, "only " + count(client, "ready") + " renewals in time");
                turns++;
                byte[] answer = speaks ? speak(client, turns) : type(client, turns);
                if (turns == 1) {
                    reference = answer;
                }
                if (!speaks) {
                    assertArrayEquals(reference, answer, "the answer of turn " + turns);
                }
            }
            assertEquals(0, count(client, "reconnecting"), "no connection was lost");
            assertTrue(client.ofType("turnComplete").stream().noneMatch(end -> end.has("reason")), "no turn was cut");
            assertEquals(turns, client.ofType("turnComplete").size(), "no turn was doubled");
            assertTrue(client.ofType("upstream").stream()
                    .filter(message -> message.has("memory"))
                    .allMatch(message -> message.path("memory").asText().equals("resumed")));
            return gaps(client);
        }
    }

    /** A question to which the simulator always gives the same answer. */
    private static byte[] type(TestClient client, int turn) {
        client.send("{\"text\":\"What is my name?\"}");
        return awaitAnswer(client, turn);
    }

    private byte[] speak(TestClient client, int turn) {
        for (byte[] pcm : List.of(Sound.speech(600), Sound.silence(1_200))) {
            client.speak(pcm);
            spokenBytes.addAndGet(pcm.length);
        }
        return awaitAnswer(client, turn);
    }

    private static byte[] awaitAnswer(TestClient client, int turn) {
        await().atMost(Duration.ofSeconds(40))
                .until(() -> client.ofType("turnComplete").size() >= turn);
        return client.voice(client.ofType("turnComplete").getLast().path("turn").asInt());
    }

    private static long count(TestClient client, String state) {
        return client.ofType("upstream").stream()
                .filter(message -> message.path("state").asText().equals(state))
                .count();
    }

    private static List<Long> gaps(TestClient client) {
        List<Long> gaps = new ArrayList<>();
        JsonNode renewing = null;
        for (JsonNode message : client.ofType("upstream")) {
            if (message.path("state").asText().equals("renewing")) {
                renewing = message;
            } else if (renewing != null) {
                gaps.add((client.arrivedNanos(message) - client.arrivedNanos(renewing)) / 1_000_000);
            }
        }
        return gaps;
    }

    private static void report(List<Long> gaps) {
        long[] sorted = gaps.stream().mapToLong(Long::longValue).sorted().toArray();
        long[] bounds = {210, 225, 250, 300, 400, 600, 1_000, Long.MAX_VALUE};
        long[] counts = new long[bounds.length];
        for (long gap : sorted) {
            counts[(int) Arrays.stream(bounds).filter(bound -> bound < gap).count()]++;
        }
        LOG.infof(
                "gaps of %d renewals, of which 200 ms are the model's setup: p50 %d ms, p95 %d ms, max %d ms;"
                        + " up to %s ms: %s",
                sorted.length,
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.95)],
                sorted[sorted.length - 1],
                Arrays.toString(bounds),
                Arrays.toString(counts));
        assertTrue(sorted.length >= TALKERS * RENEWALS, sorted.length + " renewals");
    }
}
