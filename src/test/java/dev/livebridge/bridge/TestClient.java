package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A browser of few words: sends frames, keeps what comes back. */
final class TestClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WebSocketClient client;
    private final WebSocket socket;
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();

    private TestClient(WebSocketClient client, WebSocket socket) {
        this.client = client;
        this.socket = socket;
        socket.textMessageHandler(text -> received.add(parse(text)));
        socket.binaryMessageHandler(data -> {
            // Gemini's own dialect sends its JSON in binary frames; other binary frames are media.
            if (data.length() > 0 && data.getByte(0) == '{') {
                received.add(parse(data.toString()));
            }
        });
    }

    static TestClient open(Vertx vertx, URI server, String path) {
        return open(vertx, server, path, Map.of());
    }

    /** Opens a socket; a refused upgrade is thrown as it is. */
    static TestClient open(Vertx vertx, URI server, String path, Map<String, String> headers) {
        WebSocketClient client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(MAX_BYTES).setMaxMessageSize(MAX_BYTES));
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(server.getHost())
                .setPort(server.getPort())
                .setURI(path);
        headers.forEach(options::addHeader);
        try {
            return new TestClient(
                    client,
                    client.connect(options)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
        } catch (CompletionException refused) {
            client.close();
            throw refused;
        }
    }

    void send(String json) {
        socket.writeTextMessage(json);
    }

    void sendBinary(byte[] data) {
        socket.writeBinaryMessage(Buffer.buffer(data));
    }

    /** Says PCM as the tutorial's page does. */
    void say(byte[] pcm) {
        send("{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}]}}");
    }

    /** Stops reading from the socket. */
    void stopReading() {
        socket.pause();
    }

    /** Drops the connection without a close frame. */
    void vanish() {
        client.close();
    }

    List<JsonNode> received() {
        return received;
    }

    Stream<JsonNode> all(String member) {
        return received.stream().map(message -> message.get(member)).filter(value -> value != null);
    }

    /** All text of one member, joined. */
    String text(String member) {
        return String.join("", all(member).map(JsonNode::asText).toList());
    }

    JsonNode awaitMessage(String member) {
        return awaitMessage(message -> message.has(member));
    }

    JsonNode awaitMessage(Predicate<JsonNode> wanted) {
        await().atMost(PATIENCE).until(() -> received.stream().anyMatch(wanted));
        return received.stream().filter(wanted).findFirst().orElseThrow();
    }

    void awaitClosed() {
        await().atMost(PATIENCE).until(socket::isClosed);
    }

    boolean closed() {
        return socket.isClosed();
    }

    @Nullable
    Short closeCode() {
        return socket.closeStatusCode();
    }

    @Nullable
    String closeReason() {
        return socket.closeReason();
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError("the service sent something that is not JSON", notJson);
        }
    }

    @Override
    public void close() {
        if (!socket.isClosed()) {
            socket.close();
        }
        client.close();
    }
}
