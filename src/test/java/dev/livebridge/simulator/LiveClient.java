package dev.livebridge.simulator;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the simulator that keeps all it receives, with the time it came. */
final class LiveClient implements AutoCloseable {

    static final String PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    static final String NATIVE_2_5 = "models/gemini-2.5-flash-native-audio-preview-12-2025";
    static final String FLASH_3_1 = "models/gemini-3.1-flash-live-preview";
    static final String LIVE_3_8 = "models/gemini-3.8-live";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebSocket socket;
    private final List<Received> messages = new CopyOnWriteArrayList<>();
    private final List<WebSocketFrame> frames = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    record Received(Buffer bytes, JsonNode json, long nanoTime) {

        boolean has(String pointer) {
            return !json.at(pointer).isMissingNode();
        }
    }

    record Ending(int code, String reason) {}

    private LiveClient(WebSocket socket) {
        this.socket = socket;
        // A connection that was dropped is seen by its ending, 1006.
        socket.exceptionHandler(ignored -> {});
        socket.frameHandler(frames::add);
        socket.binaryMessageHandler(bytes -> messages.add(new Received(bytes, parse(bytes), System.nanoTime())));
        socket.closeHandler(ignored -> {
            Short code = socket.closeStatusCode();
            String reason = socket.closeReason();
            ending.set(new Ending(code == null ? 1006 : code, reason == null ? "" : reason));
        });
    }

    static LiveClient open(Vertx vertx, URI base, String pathAndQuery) {
        return open(vertx, base, pathAndQuery, "x-goog-api-key", "some-key");
    }

    static LiveClient open(Vertx vertx, URI base, String pathAndQuery, String header, String value) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(base.getHost())
                .setPort(base.getPort())
                .setURI(pathAndQuery)
                .addHeader(header, value);
        return vertx.createWebSocketClient(
                        new WebSocketClientOptions().setMaxFrameSize(1 << 24).setMaxMessageSize(1 << 24))
                .connect(options)
                .map(LiveClient::new)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    LiveClient send(String json) {
        socket.writeTextMessage(json);
        return this;
    }

    LiveClient sendBinary(String json) {
        socket.writeBinaryMessage(Buffer.buffer(json));
        return this;
    }

    void ping() {
        socket.writePing(Buffer.buffer("ping"));
    }

    void onPong(Runnable action) {
        socket.pongHandler(ignored -> action.run());
    }

    /** A whole setup; {@code more} is further fields with a leading comma, or empty. */
    LiveClient setup(String model, String more) {
        send("{\"setup\":{\"model\":\"" + model + "\"" + more + "}}");
        return this;
    }

    /** A setup, and the wait for its completion. */
    LiveClient ready(String model, String more) {
        setup(model, more);
        awaitMessage("/setupComplete");
        return this;
    }

    LiveClient text(String text) {
        return send("{\"realtimeInput\":{\"text\":\"" + text + "\"}}");
    }

    /** Streams samples as 16 kHz audio in chunks of 20 ms, as fast as they go. */
    LiveClient speak(short[] samples) {
        byte[] pcm = Pcm.bytes(samples);
        for (int from = 0; from < pcm.length; from += 640) {
            byte[] chunk = Arrays.copyOfRange(pcm, from, Math.min(from + 640, pcm.length));
            send("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\""
                    + Base64.getEncoder().encodeToString(chunk) + "\"}}}");
        }
        return this;
    }

    List<Received> messages() {
        return messages;
    }

    List<WebSocketFrame> frames() {
        return frames;
    }

    List<Received> having(String pointer) {
        return messages.stream().filter(message -> message.has(pointer)).toList();
    }

    /** The first message in which a JSON pointer finds something. */
    Received awaitMessage(String pointer) {
        return awaitMessage(message -> message.has(pointer));
    }

    Received awaitMessage(Predicate<Received> wanted) {
        await().atMost(PATIENCE).until(() -> messages.stream().anyMatch(wanted) || ending.get() != null);
        return messages.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("closed with " + ending.get() + " after " + messages.size()));
    }

    void awaitCount(String pointer, int count) {
        await().atMost(PATIENCE).until(() -> having(pointer).size() >= count);
    }

    Ending awaitEnding() {
        await().atMost(PATIENCE).until(() -> ending.get() != null);
        Ending end = ending.get();
        if (end == null) {
            throw new AssertionError("unreachable");
        }
        return end;
    }

    /** All spoken bytes so far. */
    byte[] audio() {
        Buffer all = Buffer.buffer();
        having("/serverContent/modelTurn")
                .forEach(message -> message.json()
                        .at("/serverContent/modelTurn/parts")
                        .forEach(part -> all.appendBytes(Base64.getDecoder()
                                .decode(part.at("/inlineData/data").asText()))));
        return all.getBytes();
    }

    /** The transcript of all speech so far. */
    String transcript() {
        StringBuilder text = new StringBuilder();
        having("/serverContent/outputTranscription")
                .forEach(message -> text.append(message.json()
                        .at("/serverContent/outputTranscription/text")
                        .asText()));
        return text.toString();
    }

    @Override
    public void close() {
        socket.close();
    }

    private static JsonNode parse(Buffer bytes) {
        try {
            return JSON.readTree(bytes.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
