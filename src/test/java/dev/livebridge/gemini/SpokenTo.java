package dev.livebridge.gemini;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One attempt at a conversation over {@code /live}. */
final class SpokenTo {

    private SpokenTo() {}

    /** The service's first message: its greeting, or what went wrong. */
    static String answer(Vertx vertx, URI server) throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocketClient client = vertx.createWebSocketClient();
        try {
            WebSocket socket = client.connect(server.getPort(), server.getHost(), "/live")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            socket.textMessageHandler(first::complete);
            socket.writeTextMessage("{\"setup\":{}}");
            return first.get(20, TimeUnit.SECONDS);
        } finally {
            client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
