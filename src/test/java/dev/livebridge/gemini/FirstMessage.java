package dev.livebridge.gemini;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opens a session over {@code /live} and reads the first message of the service. */
final class FirstMessage {

    private FirstMessage() {}

    /** The first message: {@code ready} or an error. */
    static String of(Vertx vertx, URI server) throws Exception {
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
