package dev.livebridge.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stand-in for Gemini on a real socket: confirms each setup and records the messages. */
public class RecordingGemini implements QuarkusTestResourceLifecycleManager {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private final List<JsonNode> arrived = new CopyOnWriteArrayList<>();
    private volatile Optional<ServerWebSocket> newest = Optional.empty();
    private Vertx vertx;

    @Override
    public Map<String, String> start() {
        vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxWebSocketFrameSize(MAX_BYTES)
                        .setMaxWebSocketMessageSize(MAX_BYTES))
                .requestHandler(request -> request.response().setStatusCode(404).end())
                .webSocketHandler(this::accept)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return Map.of(
                "livebridge.upstream.backend", "gemini",
                "livebridge.gemini.base-uri", "http://127.0.0.1:" + server.actualPort(),
                "livebridge.gemini.api-key", "operators-key");
    }

    private void accept(ServerWebSocket socket) {
        newest = Optional.of(socket);
        socket.textMessageHandler(text -> {
            JsonNode message = parse(text);
            arrived.add(message);
            if (message.has("setup")) {
                socket.writeTextMessage("{\"setupComplete\":{}}");
            }
        });
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the gateway sent something that is not JSON", e);
        }
    }

    /** All messages since {@link #forget}. */
    List<JsonNode> arrived() {
        return arrived;
    }

    /** Messages of a kind. */
    List<JsonNode> arrived(String kind) {
        return arrived.stream().filter(message -> message.has(kind)).toList();
    }

    void forget() {
        arrived.clear();
    }

    /** Sends a message on the newest connection. */
    void say(String json) {
        newest.orElseThrow().writeTextMessage(json);
    }

    /** Closes the newest connection, like Gemini occasionally. */
    void close() {
        newest.orElseThrow().close((short) 1011, "Internal error encountered.");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RecordingGemini.class));
    }

    @Override
    public void stop() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
