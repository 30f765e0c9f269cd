package dev.livebridge.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand short sessions leave no objects on the heap. Takes minutes, so it runs on request only: {@code ./mvnw
 * -Psoak verify}.
 */
@EnabledIfSystemProperty(named = "soak", matches = "true")
class SoakIT {

    private static final Logger LOG = Logger.getLogger(SoakIT.class);
    private static final int WARM_UP = 3_000;
    private static final int CONVERSATIONS = 10_000;
    private static final int AT_ONCE = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Time for which ended sessions are remembered; much shorter than the warm-up. */
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(3);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    @DisabledIf("dev.livebridge.proxies.Instance#isNative")
    void tenThousandShortConversationsLeaveTheHeapAsItWas() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Vertx vertx = Vertx.vertx();
        int simulatorPort = Ports.free();
        // The model is another process: it remembers its sessions for hours, as Gemini does.
        try (Instance simulator = Instance.simulator(
                        "simulator",
                        directory,
                        simulatorPort,
                        "-Dlivebridge.simulator.setup-delay=5ms",
                        "-Dlivebridge.simulator.first-audio-delay=20ms");
                Instance instance = Instance.gateway(
                        "soaked",
                        directory,
                        simulatorPort,
                        Fleet.newKey(),
                        "-Dlivebridge.resumption.token-lifetime=" + TOKEN_LIFETIME.toSeconds() + "s")) {
            simulator.awaitReady();
            instance.awaitReady();
            WebSocketClient client =
                    vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(2 * AT_ONCE));
            hold(WARM_UP, client, instance, deadline);
            long before = settled(instance);
            hold(CONVERSATIONS, client, instance, deadline);
            long after = settled(instance);

            LOG.infof(
                    "live heap after %d conversations %.1f KiB, after %d more %.1f KiB (%+.1f %%)",
                    WARM_UP, before / 1024.0, CONVERSATIONS, after / 1024.0, 100.0 * (after - before) / before);
            assertEquals(WARM_UP + CONVERSATIONS, instance.metric("livebridge_sessions_ended_total", "client_closed"));
            assertTrue(after < before * 1.05, () -> before + " bytes became " + after);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void hold(int conversations, WebSocketClient client, Instance instance, long deadline)
            throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        AtomicInteger heard = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < conversations && failure.get() == null; i++) {
                assertTrue(
                        places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS),
                        "out of time after " + i + " conversations");
                people.execute(() -> {
                    try {
                        talk(client, instance.port());
                        heard.incrementAndGet();
                    } catch (RuntimeException e) {
                        failure.set(e);
                    } finally {
                        places.release();
                    }
                });
                if (i % 1_000 == 999) {
                    LOG.infof("%d of %d conversations", i + 1, conversations);
                }
            }
        }
        assertEquals(conversations, heard.get(), () -> "failed: " + failure.get());
    }

    /** Asks a question, waits for the first audio of the answer, and closes. */
    private static void talk(WebSocketClient client, int port) {
        WebSocket socket = await(
                () -> "connection",
                client.connect(new WebSocketConnectOptions()
                                .setHost("127.0.0.1")
                                .setPort(port)
                                .setURI("/live"))
                        .toCompletionStage()
                        .toCompletableFuture());
        CompletableFuture<Void> sound = new CompletableFuture<>();
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        socket.textMessageHandler(heard::add);
        socket.binaryMessageHandler(frame -> sound.complete(null));
        socket.closeHandler(closed -> sound.completeExceptionally(
                new IllegalStateException("closed with " + socket.closeStatusCode() + ": " + socket.closeReason())));
        socket.writeTextMessage("{\"setup\":{}}");
        socket.writeTextMessage("{\"text\":\"Good morning\"}");
        await(() -> "sound after " + heard, sound);
        await(() -> "goodbye", socket.close().toCompletionStage().toCompletableFuture());
    }

    private static <T> T await(Supplier<String> what, CompletableFuture<T> future) {
        try {
            return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("no " + what.get(), e);
        }
    }

    /** The live heap after all sessions have ended and expired. */
    private static long settled(Instance instance) throws IOException, InterruptedException {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> instance.sessions() == 0);
        return instance.liveHeapBytes();
    }
}
