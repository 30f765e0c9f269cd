package dev.livebridge.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketFrame;
import com.microsoft.playwright.WebSocketRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fake of the service for the page, for rare events such as failures. Speaks docs/live-protocol.md. */
final class FakeService {

    private static final String READY = """
            {"type":"ready","session":"s-42","backend":"simulator","model":"gemini-3.8-live","setup":{},"notices":[],"t":1}""";

    private static final int SAMPLES_PER_MS = 24;
    private static final int MODEL_AUDIO = 129;

    private final ObjectMapper json = new ObjectMapper();
    private final List<JsonNode> openings = new ArrayList<>();
    private final List<JsonNode> texts = new ArrayList<>();
    private final List<byte[]> binaries = new ArrayList<>();
    private boolean ready = true;
    private int connections;
    private @Nullable WebSocketRoute route;

    private FakeService() {}

    /** Replaces the service for a page before it is opened. */
    static FakeService behind(Page page) {
        FakeService service = new FakeService();
        // With any query: a page that resumes connects to /live?resume.
        page.routeWebSocket(url -> URI.create(url).getPath().endsWith("/live"), service::accept);
        return service;
    }

    /** Whether a setup is answered at all. */
    FakeService answering(boolean answers) {
        ready = answers;
        return this;
    }

    int connections() {
        return connections;
    }

    /** The first message of each connection. */
    List<JsonNode> openings() {
        return List.copyOf(openings);
    }

    /** Text frames so far, pings and first messages left out. */
    List<JsonNode> texts() {
        return List.copyOf(texts);
    }

    /** Binary frames of a kind so far. */
    List<byte[]> binaries(int kind) {
        return binaries.stream().filter(frame -> frame[0] == (byte) kind).toList();
    }

    void sayReady() {
        say(READY);
    }

    /** @param notices JSON strings, separated by commas */
    void sayReady(String notices) {
        say(READY.replace("\"notices\":[]", "\"notices\":[" + notices + "]"));
    }

    /** Resumes a conversation. */
    void sayResumed(String memory, String transcript) {
        String resumed = ",\"resumed\":true,\"memory\":\"" + memory + "\",\"transcript\":" + transcript + "}";
        say(READY.substring(0, READY.length() - 1) + resumed);
    }

    void say(String message) {
        open().send(message);
    }

    void say(byte[] frame) {
        open().send(frame);
    }

    /** Audio of the model, 440 Hz, in chunks of 200 ms. */
    void sing(int turn, int milliseconds) {
        // A chunk holds whole periods, so all are alike.
        ByteBuffer frame = ByteBuffer.allocate(8 + 200 * SAMPLES_PER_MS * 2).order(ByteOrder.LITTLE_ENDIAN);
        frame.position(8);
        for (int i = 0; i < 200 * SAMPLES_PER_MS; i++) {
            frame.putShort((short) (16_000 * Math.sin(2 * Math.PI * 440 * i / 24_000)));
        }
        for (int at = 0; at < milliseconds; at += 200) {
            frame.put(0, (byte) MODEL_AUDIO)
                    .put(1, (byte) (at == 0 ? 1 : 0))
                    .putShort(2, (short) turn)
                    .putInt(4, at);
            open().send(frame.array().clone());
        }
    }

    void close(int code, String reason) {
        open().close(new WebSocketRoute.CloseOptions().setCode(code).setReason(reason));
    }

    private WebSocketRoute open() {
        if (route == null) {
            throw new IllegalStateException("the page has not connected");
        }
        return route;
    }

    private void accept(WebSocketRoute connection) {
        connections++;
        route = connection;
        connection.onMessage(frame -> hear(connection, frame));
    }

    private void hear(WebSocketRoute connection, WebSocketFrame frame) {
        if (frame.text() == null) {
            binaries.add(frame.binary());
            return;
        }
        JsonNode message = parse(frame.text());
        if (message.has("setup") || message.has("resume")) {
            openings.add(message);
            if (ready) {
                sayReady();
            }
        } else if (message.has("ping")) {
            connection.send("{\"type\":\"pong\",\"t\":" + message.at("/ping/t") + ",\"received\":10,\"sent\":10.2}");
        } else {
            texts.add(message);
        }
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
