package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.impl.WebSocketInternal;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A WebSocket client: sends frames and records the answers. */
final class TestClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WebSocketClient client;
    private final WebSocket socket;
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final Map<JsonNode, Long> arrivals = Collections.synchronizedMap(new IdentityHashMap<>());
    /** The model's audio, by turn; only {@code /live} has turn numbers. */
    private final Map<Integer, ByteArrayOutputStream> voices = new ConcurrentHashMap<>();

    private TestClient(WebSocketClient client, WebSocket socket) {
        this.client = client;
        this.socket = socket;
        socket.textMessageHandler(text -> keep(parse(text)));
        socket.binaryMessageHandler(data -> {
            // Gemini's own dialect sends its JSON in binary frames; other binary frames are media.
            if (data.length() > 0 && data.getByte(0) == '{') {
                keep(parse(data.toString()));
            } else {
                hear(data.getBytes());
            }
        });
    }

    static TestClient open(Vertx vertx, URI server, String path) {
        return open(vertx, server, path, Map.of());
    }

    /** Opens a socket; throws the exception of a refused upgrade. */
    static TestClient open(Vertx vertx, URI server, String path, Map<String, String> headers) {
        return open(vertx, server, path, headers, new WebSocketClientOptions(), true);
    }

    /** Opens a socket without an {@code Origin} header, like a program. */
    static TestClient openWithoutOrigin(Vertx vertx, URI server, String path) {
        return open(vertx, server, path, Map.of(), new WebSocketClientOptions(), false);
    }

    /** Opens a socket from another address of this machine, whose limits are its own. */
    static TestClient openFrom(Vertx vertx, URI server, String path, String address) {
        return open(vertx, server, path, Map.of(), new WebSocketClientOptions().setLocalAddress(address), true);
    }

    /** A client with a small receive buffer, so that the service notices soon when it stops reading. */
    static TestClient openNarrow(Vertx vertx, URI server, String path) {
        return open(vertx, server, path, Map.of(), new WebSocketClientOptions().setReceiveBufferSize(16 * 1024), true);
    }

    private static TestClient open(
            Vertx vertx,
            URI server,
            String path,
            Map<String, String> headers,
            WebSocketClientOptions clientOptions,
            boolean origin) {
        WebSocketClient client = vertx.createWebSocketClient(
                clientOptions.setMaxFrameSize(MAX_BYTES).setMaxMessageSize(MAX_BYTES));
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(server.getHost())
                .setPort(server.getPort())
                .setURI(path)
                .setAllowOriginHeader(origin);
        headers.forEach(options::addHeader);
        try {
            return new TestClient(
                    client,
                    client.connect(options)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
        } catch (CompletionException e) {
            client.close();
            throw e;
        }
    }

    void send(String json) {
        socket.writeTextMessage(json);
    }

    void sendBinary(byte[] data) {
        socket.writeBinaryMessage(Buffer.buffer(data));
    }

    /** Sends PCM like the tutorial's page. */
    void say(byte[] pcm) {
        send("{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}]}}");
    }

    /** Stops reading from the socket. */
    void stopReading() {
        socket.pause();
    }

    /** Closes the socket like a page that may resume. */
    void leave() {
        socket.close((short) 3001);
    }

    /** Drops the connection without a close frame. */
    void vanish() {
        // From the first handler on, so that the WebSocket's own don't say goodbye. There is none once it is closed.
        ChannelHandlerContext first = ((WebSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .pipeline()
                .firstContext();
        if (first != null) {
            var _ = first.close();
        }
    }

    /** {@link System#nanoTime()} at which a message arrived. */
    long arrivedNanos(JsonNode message) {
        return arrivals.get(message);
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

    private void keep(JsonNode message) {
        arrivals.put(message, System.nanoTime());
        received.add(message);
    }

    private void hear(byte[] frame) {
        int turn = Byte.toUnsignedInt(frame[2]) | Byte.toUnsignedInt(frame[3]) << 8;
        voices.computeIfAbsent(turn, _ -> new ByteArrayOutputStream()).write(frame, 8, frame.length - 8);
    }

    /** The model's voice in one turn, PCM. */
    byte[] voice(int turn) {
        ByteArrayOutputStream voice = voices.get(turn);
        return voice == null ? new byte[0] : voice.toByteArray();
    }

    /** Messages of a type, of clients of {@code /live}. */
    List<JsonNode> ofType(String type) {
        return received.stream()
                .filter(message -> message.path("type").asText().equals(type))
                .toList();
    }

    /** Waits for so many messages of a type. */
    List<JsonNode> awaitTypes(String type, int count) {
        await().atMost(PATIENCE).until(() -> ofType(type).size() >= count || closed());
        return ofType(type);
    }

    /** Microphone PCM in a binary frame of {@code /live}. */
    void speak(byte[] pcm) {
        byte[] frame = new byte[8 + pcm.length];
        frame[0] = 1;
        System.arraycopy(pcm, 0, frame, 8, pcm.length);
        sendBinary(frame);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the service sent something that is not JSON", e);
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
