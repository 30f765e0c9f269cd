package dev.livebridge.hostile;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.AwaitilityDefaults;
import dev.livebridge.hostile.HostileClient.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten clients stop reading while the model sends 50 MB to each, as fast as it can, through a service with the memory of
 * the deployment. They are ended, the service stays within its container, and conversations beside them go on.
 */
class StalledClientsIT {

    private static final Logger LOG = Logger.getLogger(StalledClientsIT.class);
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int STALLED = 10;
    private static final int TALKERS = 5;
    private static final int PUSHED_BYTES = 50_000_000;
    private static final Duration UNDISTURBED = Duration.ofSeconds(8);
    private static final long PERIOD_MILLIS = 40;

    /** The memory limit of the container in {@code deploy/base}, in KiB. */
    private static final long CONTAINER_KIB = 512 * 1024;

    /** Loose, because the machine does other things as well; the goal is 100 MiB. */
    private static final long GROWTH_KIB = 200 * 1024;

    /** Loose, too; the goal is ten times the undisturbed one. */
    private static final Duration LONGEST_P99 = Duration.ofSeconds(2);

    private final Vertx vertx = Vertx.vertx();
    private final List<HostileClient> clients = new ArrayList<>();
    private final ScheduledExecutorService pace = Executors.newScheduledThreadPool(TALKERS);
    private final String chunk = base64(3_200);
    private final String answer = audio(base64(32_000));
    private DeployedProcess service;
    private volatile Histogram latency = new Histogram(3);

    @BeforeEach
    void start(@TempDir Path directory) {
        HttpServer gemini = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> request.response().setStatusCode(404).end())
                .webSocketHandler(this::answer)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        service = DeployedProcess.start(
                directory,
                Map.of(
                        "LIVEBRIDGE_UPSTREAM_BACKEND", "gemini",
                        "LIVEBRIDGE_GEMINI_BASE_URI", "http://127.0.0.1:" + gemini.actualPort(),
                        "LIVEBRIDGE_ACCESS_MODE", "open",
                        "GEMINI_API_KEY", "any"));
    }

    @AfterEach
    void stop() throws IOException {
        pace.shutdownNow();
        for (HostileClient client : clients) {
            client.close();
        }
        service.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static String base64(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return Base64.getEncoder().encodeToString(noise);
    }

    private static String audio(String base64) {
        return "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\""
                + base64 + "\"}}]}}}";
    }

    /** The model: confirms the setup, repeats each chunk, and pushes its answer to a text. */
    private void answer(ServerWebSocket socket) {
        socket.exceptionHandler(failure -> LOG.debug("the service closed a connection", failure));
        socket.textMessageHandler(message -> {
            if (message.startsWith("{\"setup\"")) {
                socket.writeTextMessage("{\"setupComplete\":{}}");
            } else if (message.contains("push")) {
                push(socket, PUSHED_BYTES);
            } else {
                socket.writeTextMessage(audio(chunk));
            }
        });
    }

    private void push(ServerWebSocket socket, int bytes) {
        int left = bytes;
        while (left > 0 && !socket.isClosed() && !socket.writeQueueFull()) {
            socket.writeTextMessage(answer);
            left -= answer.length();
        }
        int rest = left;
        socket.drainHandler(rest > 0 && !socket.isClosed() ? drained -> push(socket, rest) : null);
    }

    private HostileClient talking(int receiveBuffer) throws IOException {
        HostileClient client = new HostileClient(service.address(), receiveBuffer);
        clients.add(client);
        assertEquals(101, client.upgrade("/", "Origin: http://127.0.0.1"));
        client.send("{\"setup\":{\"generation_config\":{\"response_modalities\":[\"AUDIO\"]}}}");
        return client;
    }

    /** Sends chunks at the pace of speech, and waits for each to come back. */
    private Future<?> talk(HostileClient talker) {
        String message =
                "{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\"" + chunk + "\"}]}}";
        return pace.scheduleAtFixedRate(
                () -> {
                    try {
                        long begun = System.nanoTime();
                        talker.send(message);
                        Frame frame = talker.read(SOON);
                        while (frame != null && frame.opcode() == HostileClient.PING) {
                            frame = talker.read(SOON);
                        }
                        assertNotNull(frame, "a conversation was ended");
                        assertTrue(frame.text().startsWith("{\"audio\""), frame::text);
                        latency.recordValue(System.nanoTime() - begun);
                    } catch (IOException e) {
                        throw new IllegalStateException("a conversation was ended", e);
                    }
                },
                0,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static double p99Millis(Histogram latency) {
        return latency.getValueAtPercentile(99) / 1e6;
    }

    private int ended() {
        return service.endedSessions("client_stalled") + service.endedSessions("slow_consumer");
    }

    @Test
    void stalledClientsAreEndedAndOthersTalkOn() throws IOException {
        ConcurrentHistogram undisturbed = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 3);
        ConcurrentHistogram disturbed = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(5), 3);
        latency = undisturbed;
        List<Future<?>> talks = new ArrayList<>();
        for (int i = 0; i < TALKERS; i++) {
            talks.add(talk(talking(0)));
        }
        long chunks = TALKERS * UNDISTURBED.toMillis() / PERIOD_MILLIS;
        await().atMost(SOON)
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> undisturbed.getTotalCount() >= chunks);
        latency = disturbed;
        long resident = service.residentKib();
        long[] most = {resident};

        for (int i = 0; i < STALLED; i++) {
            talking(4_096)
                    .send(
                            "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"push\"}]}],\"turnComplete\":true}}");
        }
        await().atMost(SOON).pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS).until(() -> {
            most[0] = Math.max(most[0], service.residentKib());
            return ended() == STALLED;
        });

        for (Future<?> talk : talks) {
            assertEquals(Future.State.RUNNING, talk.state(), "no conversation beside them has failed");
        }
        LOG.infof(
                "resident %d KiB, at most %d KiB more; p99 %.1f ms, undisturbed %.1f ms",
                resident, most[0] - resident, p99Millis(disturbed), p99Millis(undisturbed));
        assertTrue(service.isAlive(), service::output);
        assertTrue(service.peakResidentKib() < CONTAINER_KIB, "resident " + service.peakResidentKib() + " KiB");
        assertTrue(most[0] - resident < GROWTH_KIB, "grown by " + (most[0] - resident) + " KiB");
        assertTrue(p99Millis(disturbed) < LONGEST_P99.toMillis(), "p99 " + p99Millis(disturbed) + " ms");
    }
}
