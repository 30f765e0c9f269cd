package dev.livebridge.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.HostileClient.Frame;
import dev.livebridge.session.SessionRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A few clients send frames of a megabyte that are nothing but small JSON values, as the review of finding C8 did,
 * while others measure how long the service takes to answer their pings.
 */
@QuarkusTest
@Tag("slow")
class ExpensiveFramesTest {

    private static final Logger LOG = Logger.getLogger(ExpensiveFramesTest.class);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int BYSTANDERS = 30;
    private static final int ATTACKERS = 4;
    private static final int FRAMES = 8;

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionRegistry sessions;

    private final List<HostileClient> clients = new ArrayList<>();

    private HostileClient talking() throws IOException {
        HostileClient client = HostileClient.open(server, "/live");
        clients.add(client);
        client.send("{\"setup\":{}}");
        Frame ready = client.read(SOON);
        assertNotNull(ready);
        return client;
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (HostileClient client : clients) {
            client.close();
        }
        await().atMost(SOON).until(() -> sessions.active() == 0);
    }

    /** A frame of about a megabyte. */
    private static byte[] frame(String head, String element, String tail) {
        StringBuilder text = new StringBuilder(head).append(element);
        while (text.length() < 1_040_000) {
            text.append(',').append(element);
        }
        return FrameBytes.frame(
                true, HostileClient.TEXT, text.append(tail).toString().getBytes(UTF_8));
    }

    @Test
    void expensiveFramesDelayTheOthersNoMoreThanAnEqualLoadOfSound()
            throws IOException, InterruptedException, ExecutionException {
        List<byte[]> expensive = List.of(
                frame("{\"clientContent\":{\"turns\":[", "{}", "]}}"),
                frame("{\"clientContent\":{\"turns\":[{\"parts\":[", "{}", "]}]}}"),
                frame("{\"realtimeInput\":{\"mediaChunks\":[", "1", "]}}"));
        byte[] sound = FrameBytes.frame(
                true,
                HostileClient.TEXT,
                ("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\"" + "A".repeat(1_040_000)
                                + "\"}}}")
                        .getBytes(UTF_8));
        List<HostileClient> bystanders = new ArrayList<>();
        for (int i = 0; i < BYSTANDERS; i++) {
            bystanders.add(talking());
        }
        // Warm, as a process in service is
        phase(bystanders, expensive);

        List<Long> besideSound = phase(bystanders, List.of(sound));
        List<Long> besideExpensive = phase(bystanders, expensive);

        long equal = percentile(besideSound, 99);
        long attacked = percentile(besideExpensive, 99);
        LOG.infof(
                "ping round trips of %d bystanders beside %d clients: sound p50 %d p99 %d ms,"
                        + " expensive frames p50 %d p99 %d max %d ms (%d pings)",
                BYSTANDERS,
                ATTACKERS,
                percentile(besideSound, 50),
                equal,
                percentile(besideExpensive, 50),
                attacked,
                besideExpensive.getLast(),
                besideExpensive.size());
        // Before, it was twelve seconds. The bound is loose, because other work shares the processors.
        assertTrue(attacked < 2 * equal + 500, attacked + " ms beside expensive frames, " + equal + " beside sound");
    }

    /** Round trips in milliseconds, sorted. */
    private List<Long> phase(List<HostileClient> bystanders, List<byte[]> frames)
            throws IOException, InterruptedException, ExecutionException {
        CountDownLatch over = new CountDownLatch(1);
        List<Long> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> attacks = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                HostileClient attacker = talking();
                attacks.add(threads.submit(() -> attack(attacker, frames, over)));
            }
            List<Future<List<Long>>> measured = bystanders.stream()
                    .map(client -> threads.submit(() -> measure(client, over)))
                    .toList();
            for (Future<?> each : attacks) {
                each.get();
            }
            over.countDown();
            for (Future<List<Long>> each : measured) {
                all.addAll(each.get());
            }
        }
        all.sort(null);
        return all;
    }

    /** A frame every half second: more than a megabyte per second in total, within the limits of each client. */
    private static @Nullable Void attack(HostileClient client, List<byte[]> frames, CountDownLatch over)
            throws InterruptedException {
        for (int i = 0; i < FRAMES && client.tryWrite(frames.get(i % frames.size())); i++) {
            assertFalse(over.await(500, TimeUnit.MILLISECONDS));
        }
        return null;
    }

    private static List<Long> measure(HostileClient client, CountDownLatch over)
            throws IOException, InterruptedException {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; !over.await(50, TimeUnit.MILLISECONDS); i++) {
            long begun = System.nanoTime();
            client.send("{\"ping\":{\"t\":" + i + "}}");
            Frame frame;
            do {
                frame = client.read(SOON);
                assertNotNull(frame, "a bystander was ended");
            } while (!frame.text().contains("\"pong\""));
            millis.add((System.nanoTime() - begun) / 1_000_000);
        }
        return millis;
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
