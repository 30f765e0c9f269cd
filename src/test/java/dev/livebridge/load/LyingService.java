package dev.livebridge.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves the tutorial's dialect, returns every chunk, and sometimes breaks the protocol. */
final class LyingService implements AutoCloseable {

    /** Every so many chunks it lies. */
    static final int EVERY = 7;

    private final HttpServer server;
    private final Lie lie;
    private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();

    enum Lie {
        NONE,
        LOSES,
        REORDERS,
        DOUBLES,
        CHANGES,
        MIXES_UP,
        HANGS_UP
    }

    LyingService(Vertx vertx, Lie lie) {
        this.lie = lie;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                // Not webSocketHandler: Quarkus, if it ran in the same JVM before, has switched that off.
                .requestHandler(request -> request.toWebSocket().onSuccess(this::serve))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String url() {
        return "ws://127.0.0.1:" + server.actualPort();
    }

    private void serve(ServerWebSocket socket) {
        sockets.add(socket);
        List<String> chunks = new ArrayList<>();
        Queue<String> held = new ArrayDeque<>();
        socket.textMessageHandler(text -> {
            JsonObject message = new JsonObject(text);
            if (message.containsKey("setup")) {
                return;
            }
            String data = message.getJsonObject("realtime_input")
                    .getJsonArray("media_chunks")
                    .getJsonObject(0)
                    .getString("data");
            chunks.add(data);
            if (chunks.size() % EVERY != 0) {
                say(socket, data);
                held.forEach(late -> say(socket, late));
                held.clear();
                return;
            }
            switch (lie) {
                case NONE -> say(socket, data);
                case LOSES -> {}
                case REORDERS -> held.add(data);
                case DOUBLES -> {
                    say(socket, data);
                    say(socket, data);
                }
                case CHANGES -> {
                    byte[] pcm = Base64.getDecoder().decode(data);
                    pcm[pcm.length / 2] ^= 1;
                    say(socket, Base64.getEncoder().encodeToString(pcm));
                }
                case MIXES_UP -> say(sockets.get((sockets.indexOf(socket) + 1) % sockets.size()), data);
                case HANGS_UP -> socket.close((short) 1012);
            }
        });
    }

    private static void say(ServerWebSocket socket, String data) {
        if (!socket.isClosed()) {
            socket.writeTextMessage("{\"audio\":\"" + data + "\"}");
        }
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
