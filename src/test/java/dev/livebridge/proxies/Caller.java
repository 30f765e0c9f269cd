package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that opens a conversation on {@code /live} and then says nothing at all. */
final class Caller implements AutoCloseable {

    private final WebSocket socket;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final long openedAt = System.nanoTime();
    private volatile long closedAt;

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

    boolean isOpen() {
        return !socket.isClosed();
    }

    /** How long the conversation has lasted, or did. */
    Duration age() {
        return Duration.ofNanos((isOpen() ? System.nanoTime() : closedAt) - openedAt);
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
