package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client that opens a conversation on {@code /live} and then says nothing at all. */
final class Caller implements AutoCloseable {

    private final WebSocket socket;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final long openedAt = System.nanoTime();
    private volatile @Nullable Long closedAt;

    private Caller(WebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(received::add);
        socket.closeHandler(closed -> closedAt = System.nanoTime());
    }

    static Caller call(Vertx vertx, Proxy proxy) {
        Caller caller = new Caller(vertx.createWebSocketClient()
                .connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(proxy.port())
                        .setURI("/live"))
                .toCompletionStage()
                .toCompletableFuture()
                .join());
        caller.socket.writeTextMessage("{\"setup\":{}}");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> caller.received.stream().anyMatch(message -> message.contains("\"ready\"")));
        return caller;
    }

    /** Whether the socket is open. Asks what the close handler left, so that the end and its time are one thing. */
    boolean isOpen() {
        return closedAt == null;
    }

    /** How long the conversation has lasted, or did. */
    Duration age() {
        Long end = closedAt;
        return Duration.ofNanos((end == null ? System.nanoTime() : end) - openedAt);
    }

    /** Whether a close frame said goodbye. */
    boolean wasToldWhy() {
        Short code = socket.closeStatusCode();
        return code != null && code != 1006;
    }

    @Override
    public void close() {
        if (isOpen()) {
            socket.close();
        }
    }
}
