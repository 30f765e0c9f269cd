package dev.livebridge.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks {@code /live}, repeats what was said as soon as it is followed by silence, and after each answer sends its
 * client elsewhere, in one way or another.
 */
final class MovingService implements AutoCloseable {

    private static final int HEADER_BYTES = 8;
    private static final byte VOICE = (byte) 129;

    private final HttpServer server;
    private final Move move;
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> firstMessages = new CopyOnWriteArrayList<>();

    enum Move {
        /** {@code migrate}, and close 1012 when the client has left. */
        MIGRATES,
        /** Close 1012 without a word. */
        RESTARTS,
        /** The connection goes away without a close frame. */
        DROPS,
        /** Close 1012, and the token is not taken: another conversation begins. */
        FORGETS,
        /** Close 1012; a resumption is refused for good. */
        REFUSES,
        /** Close 1008: no client may come back after that. */
        FORBIDS,
        /** Close 1012 at once; the first resumption gets no {@code ready}. */
        KEEPS_SILENT,
        /** Only half of the answer, and then {@code migrate}. */
        CUTS
    }

    MovingService(Vertx vertx, Move move) {
        this.move = move;
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

    /** What connections began with, in order. */
    List<String> firstMessages() {
        return firstMessages;
    }

    private void serve(ServerWebSocket socket) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        socket.textMessageHandler(text -> first(socket, new JsonObject(text)));
        socket.binaryMessageHandler(frame -> {
            byte[] pcm = frame.getBytes(HEADER_BYTES, frame.length());
            if (!Arrays.equals(pcm, new byte[pcm.length])) {
                said.writeBytes(pcm);
            } else if (said.size() > 0) {
                answer(socket, Parrot.repeat(said.toByteArray()));
                said.reset();
            }
        });
    }

    private void first(ServerWebSocket socket, JsonObject message) {
        firstMessages.add(message.encode());
        boolean resumes = message.containsKey("resume");
        if (move == Move.KEEPS_SILENT && firstMessages.size() == 2) {
            return;
        }
        if (resumes && move == Move.REFUSES) {
            socket.writeTextMessage("{\"type\":\"error\",\"code\":\"bad_token\",\"message\":\"\",\"fatal\":true}");
            socket.close((short) 1008);
            return;
        }
        tell(
                socket,
                new JsonObject()
                        .put("type", "ready")
                        .put("resumed", resumes && move != Move.FORGETS)
                        .put("memory", resumes ? "resumed" : "new"));
        tell(socket, token("resumeToken"));
        if (move == Move.KEEPS_SILENT && !resumes) {
            socket.close((short) 1012);
        }
    }

    private void answer(ServerWebSocket socket, byte[] pcm) {
        int length = move == Move.CUTS ? pcm.length / 2 : pcm.length;
        Buffer frame = Buffer.buffer(new byte[HEADER_BYTES]).setByte(0, VOICE).appendBytes(pcm, 0, length);
        socket.writeBinaryMessage(frame);
        tell(socket, new JsonObject().put("type", "turnComplete"));
        switch (move) {
            case MIGRATES, CUTS -> tell(socket, token("migrate"));
            case RESTARTS, FORGETS, REFUSES -> socket.close((short) 1012);
            case DROPS -> {
                // A reset discards what the peer has not read. The pong shows that it has read the answer.
                socket.pongHandler(_ -> drop(socket));
                socket.writePing(Buffer.buffer("read?"));
            }
            case FORBIDS -> socket.close((short) 1008);
            case KEEPS_SILENT -> throw new IllegalStateException("no question is expected before ready");
        }
    }

    private static void drop(ServerWebSocket socket) {
        var _ = ((WebSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .pipeline()
                .firstContext()
                .close();
    }

    private JsonObject token(String type) {
        return new JsonObject()
                .put("type", type)
                .put("token", "token-" + tokens.incrementAndGet())
                .put("expiresInMs", 60_000);
    }

    private static void tell(ServerWebSocket socket, JsonObject message) {
        socket.writeTextMessage(message.encode());
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
