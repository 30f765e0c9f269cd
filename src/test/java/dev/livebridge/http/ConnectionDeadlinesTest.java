package dev.livebridge.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections without a session end by the idle timeout, even if single bytes arrive. */
@QuarkusTest
@Tag("slow")
@TestProfile(ConnectionDeadlinesTest.ShortDeadlines.class)
class ConnectionDeadlinesTest {

    private static final int STRANGERS = 40;
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** Far above the deadline, even on a busy machine, and far below the lifetime of an unlimited connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TestHTTPResource("/")
    URI server;

    @Inject
    Vertx vertx;

    /** The production setting divided by thirty. */
    public static class ShortDeadlines implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.idle-timeout", DEADLINE.toSeconds() + "s",
                    "livebridge.session.ping-interval", "500ms",
                    "quarkus.http.limits.max-connections", "60");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX-Padding: ",
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nX-Padding: "
            })
    void connectionsThatNeverFinishARequestAreCut(String begin) {
        List<RawHttp> strangers =
                IntStream.range(0, STRANGERS).mapToObj(_ -> new RawHttp(server)).toList();
        long trickle = vertx.setPeriodic(300, _ -> strangers.forEach(ConnectionDeadlinesTest::trickle));
        try {
            if (!begin.isEmpty()) {
                strangers.forEach(stranger -> stranger.write(begin));
            }

            List<CompletableFuture<Boolean>> cut = strangers.stream()
                    .map(stranger -> {
                        CompletableFuture<Boolean> closed = new CompletableFuture<>();
                        Thread.ofVirtual().start(() -> closed.complete(stranger.isClosedByService()));
                        return closed;
                    })
                    .toList();

            assertTrue(cut.stream()
                    .allMatch(closed -> closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()));
        } finally {
            vertx.cancelTimer(trickle);
            strangers.forEach(RawHttp::close);
        }
    }

    /** Sends one more byte of a header, or of the request line if no header has begun. */
    private static void trickle(RawHttp stranger) {
        try {
            stranger.write("x");
        } catch (UncheckedIOException e) {
            // That is what the test waits for.
        }
    }

    @Test
    void conversationsLiveOnWhetherTheyTalkOrNot() {
        WebSocketClient client = vertx.createWebSocketClient();
        List<String> received = new ArrayList<>();
        try {
            WebSocket silent = connect(client);
            WebSocket talking = connect(client);
            talking.textMessageHandler(received::add);
            silent.writeTextMessage("{\"setup\":{}}");
            talking.writeTextMessage("{\"setup\":{}}");
            long pings = vertx.setPeriodic(200, _ -> talking.writeTextMessage("{\"ping\":{\"t\":1}}"));
            long begin = System.nanoTime();

            await().atMost(PATIENCE)
                    .until(() -> System.nanoTime() - begin > 3 * DEADLINE.toNanos() || silent.isClosed());

            vertx.cancelTimer(pings);
            assertFalse(silent.isClosed());
            assertFalse(talking.isClosed());
            assertTrue(received.stream().anyMatch(message -> message.contains("pong")));
        } finally {
            client.close();
        }
    }

    @Test
    void furtherConnectionsAreClosedAtOnceAndPlaceIsFreeAgain() {
        List<RawHttp> all = new ArrayList<>();
        try {
            await().atMost(PATIENCE).until(() -> {
                RawHttp next = new RawHttp(server);
                all.add(next);
                return all.size() > 60;
            });
            assertTrue(all.getLast().isClosedByService());
        } finally {
            all.forEach(RawHttp::close);
        }
        await().atMost(PATIENCE)
                .ignoreException(AssertionError.class)
                .ignoreExceptions()
                .until(() -> status() == 200);
        assertEquals(200, status());
    }

    private int status() {
        return RawHttp.ask(server, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").status();
    }

    private WebSocket connect(WebSocketClient client) {
        return client.connect(server.getPort(), "127.0.0.1", "/live")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
