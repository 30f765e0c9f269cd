package dev.livebridge.gemini;

import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.WebSocketClient;
import io.quarkus.websockets.next.WebSocketClientConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/**
 * The control frames and the end of a socket to the model; {@link GeminiConnection} gets the messages at the channel.
 * Callbacks return at once and run on the event loop.
 */
@WebSocketClient(
        path = "/ws/google.ai.generativelanguage.{version}.GenerativeService.BidiGenerateContent",
        inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class GeminiSocket {

    @OnPongMessage
    @NonBlocking
    void pong(Buffer data, WebSocketClientConnection connection) {
        GeminiConnection.of(connection).onPong();
    }

    @OnClose
    @NonBlocking
    void close(CloseReason reason, WebSocketClientConnection connection) {
        GeminiConnection.of(connection).onClose(reason.getCode(), reason.getMessage());
    }

    @OnError
    @NonBlocking
    void error(Throwable failure, WebSocketClientConnection connection) {
        GeminiConnection.of(connection).onError(failure);
    }
}
