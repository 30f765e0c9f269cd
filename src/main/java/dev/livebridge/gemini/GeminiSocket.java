package dev.livebridge.gemini;

import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocketClient;
import io.quarkus.websockets.next.WebSocketClientConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/**
 * The socket to the model. Gemini answers JSON in binary frames; text frames are accepted too (gemini-live-api.md
 * section 6). Callbacks return at once and run on the event loop, one after the other; {@code CONCURRENT} avoids the
 * extra queue of the serial mode.
 */
@WebSocketClient(
        path = "/ws/google.ai.generativelanguage.{version}.GenerativeService.BidiGenerateContent",
        inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class GeminiSocket {

    @OnBinaryMessage
    @NonBlocking
    void binary(Buffer frame, WebSocketClientConnection connection) {
        GeminiConnection.of(connection).onFrame(frame.toString(), frame.length());
    }

    @OnTextMessage
    @NonBlocking
    void text(String frame, WebSocketClientConnection connection) {
        GeminiConnection.of(connection).onFrame(frame, frame.length());
    }

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
