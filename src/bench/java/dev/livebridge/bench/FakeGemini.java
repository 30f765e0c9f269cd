package dev.livebridge.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;

/** A minimal Gemini: confirms the setup and returns every chunk of audio. */
final class FakeGemini {

    private static final Buffer SETUP_COMPLETE = Buffer.buffer("{\n  \"setupComplete\": {}\n}\n");
    private static final String DATA = "\"data\":\"";
    private static final int MAX_MESSAGE = 16 * 1024 * 1024;

    private FakeGemini() {}

    /** Starts it on a free port of 127.0.0.1 and returns the port. */
    static int start(Vertx vertx) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(MAX_MESSAGE)
                .setMaxWebSocketMessageSize(MAX_MESSAGE);
        return vertx.createHttpServer(options)
                .webSocketHandler(FakeGemini::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private static void serve(ServerWebSocket socket) {
        socket.textMessageHandler(text -> {
            if (text.startsWith("{\"setup\"")) {
                socket.writeBinaryMessage(SETUP_COMPLETE);
                return;
            }
            int from = text.indexOf(DATA) + DATA.length();
            int to = text.indexOf('"', from);
            socket.writeBinaryMessage(Buffer.buffer("""
                    {
                      "serverContent": {
                        "modelTurn": {
                          "parts": [
                            {
                              "inlineData": {
                                "mimeType": "audio/pcm;rate=24000",
                                "data": "%s"
                              }
                            }
                          ]
                        }
                      }
                    }
                    """.formatted(text.substring(from, to))));
        });
    }
}
