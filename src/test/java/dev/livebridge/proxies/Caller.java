package dev.livebridge.proxies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.impl.WebSocketInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client of {@code /live}: it opens or resumes a session and sends the test's messages. */
final class Caller implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final WebSocket socket;
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final long openedAt = System.nanoTime();
    private volatile @Nullable Long closedAt;

    private Caller(WebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(text -> received.add(parse(text)));
        socket.closeHandler(closed -> closedAt = System.nanoTime());
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Begins a conversation, as the page that the port serves. */
    static Caller call(Vertx vertx, int port) {
        return call(vertx, port, "http://127.0.0.1:" + port);
    }

    /** Begins a conversation, as a page of that origin. */
    static Caller call(Vertx vertx, int port, String origin) {
        Caller caller = open(vertx, port, "/live", origin);
        caller.say("{\"setup\":{}}");
        caller.await("ready");
        return caller;
    }

    /** Resumes a session, as a page of that origin, without waiting for the result. */
    static Caller resume(Vertx vertx, int port, String token, String origin) {
        Caller caller = open(vertx, port, "/live?resume", origin);
        caller.say("{\"resume\":{\"token\":\"" + token + "\"}}");
        return caller;
    }

    /** Opens a socket and says nothing; a refused upgrade is thrown as it is. */
    static Caller open(Vertx vertx, int port, String uri, String origin) {
        return new Caller(vertx.createWebSocketClient()
                .connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(uri)
                        .setAllowOriginHeader(false)
                        .addHeader("Origin", origin))
                .toCompletionStage()
                .toCompletableFuture()
                .join());
    }

    void say(String json) {
        socket.writeTextMessage(json);
    }

    /** Sends a text and waits for the end of the answer. */
    void ask(String words) {
        long before = count("turnComplete");
        say("{\"text\":\"" + words + "\"}");
        Awaitility.await().atMost(PATIENCE).until(() -> count("turnComplete") > before);
    }

    /** All messages so far, as text. */
    String received() {
        return received.toString();
    }

    /** The words of all transcripts so far; they come in pieces. */
    String words() {
        return received.stream()
                .filter(message -> message.path("type").asText().equals("transcript"))
                .map(message -> message.path("text").asText())
                .collect(Collectors.joining());
    }

    /** The newest message of a type, once there is one. */
    JsonNode await(String type) {
        Awaitility.await().atMost(PATIENCE).until(() -> count(type) > 0 || !isOpen());
        return received.stream()
                .filter(message -> message.path("type").asText().equals(type))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + type + " in " + received));
    }

    private long count(String type) {
        return received.stream()
                .filter(message -> message.path("type").asText().equals(type))
                .count();
    }

    /** Drops the connection without a close frame, like a lost network. */
    void cut() {
        // From the first handler on, so that the WebSocket's own don't say goodbye.
        var _ = ((WebSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .pipeline()
                .firstContext()
                .close();
        Awaitility.await().atMost(PATIENCE).until(() -> !isOpen());
    }

    /** Whether the socket is open, according to the close handler, which also records the time. */
    boolean isOpen() {
        return closedAt == null;
    }

    /** Duration of the session so far, or in total. */
    Duration age() {
        Long end = closedAt;
        return Duration.ofNanos((end == null ? System.nanoTime() : end) - openedAt);
    }

    /** Whether a close frame has arrived. */
    boolean wasToldWhy() {
        Short code = socket.closeStatusCode();
        return code != null && code != 1006;
    }

    /** The code of the close frame, as soon as it has arrived. */
    int awaitClose() {
        Awaitility.await().atMost(PATIENCE).until(() -> !isOpen());
        Short code = socket.closeStatusCode();
        return code == null ? 1006 : code;
    }

    @Override
    public void close() {
        if (isOpen()) {
            socket.close();
        }
    }
}
