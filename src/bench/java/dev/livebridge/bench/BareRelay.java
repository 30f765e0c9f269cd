package dev.livebridge.bench;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;

/**
 * The yardstick: a relay on bare Vert.x that looks at nothing, keeps no queues, limits, meters or states, and passes
 * frames from one event loop to the other. Whoever does more can't be cheaper; the question is how much dearer.
 *
 * <p>Arguments: the port of the upstream. Prints {@code listening PORT} and runs until its input ends.
 */
public final class BareRelay {

    private static final int MAX_MESSAGE = 16 * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 100_000;

    private final WebSocketClient client;
    private final int upstreamPort;

    private BareRelay(Vertx vertx, int upstreamPort) {
        this.upstreamPort = upstreamPort;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
    }

    /** Starts the relay. */
    public static void main(String... arguments) throws java.io.IOException {
        // Left to itself Netty finds the gateway's log manager on the class path, unconfigured, and traces every frame.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        BareRelay relay = new BareRelay(vertx, Integer.parseInt(arguments[0]));
        int port = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setMaxWebSocketFrameSize(MAX_MESSAGE)
                        .setMaxWebSocketMessageSize(MAX_MESSAGE))
                .webSocketHandler(relay::serve)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        System.out.println("listening " + port);
        while (System.in.read() != -1) {
            // Lives as long as the process that started it.
        }
        System.exit(0);
    }

    private void serve(ServerWebSocket downstream) {
        downstream.pause();
        client.connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(upstreamPort)
                        .setURI(downstream.uri()))
                .onSuccess(upstream -> {
                    relay(downstream, upstream);
                    relay(upstream, downstream);
                    downstream.resume();
                })
                .onFailure(failure -> downstream.close((short) 1013, "no upstream"));
    }

    /** Frames of one side go to the other; when that side's socket is full, this side is not read. */
    private static void relay(WebSocketBase from, WebSocketBase to) {
        from.frameHandler(frame -> {
            if (isData(frame)) {
                to.writeFrame(frame);
                if (to.writeQueueFull()) {
                    from.pause();
                    to.drainHandler(writable -> from.resume());
                }
            }
        });
        from.closeHandler(closed -> close(to));
        from.exceptionHandler(failure -> close(to));
    }

    private static boolean isData(WebSocketFrame frame) {
        return frame.isText() || frame.isBinary() || frame.isContinuation();
    }

    private static void close(WebSocketBase socket) {
        if (!socket.isClosed()) {
            if (socket instanceof WebSocket || socket instanceof ServerWebSocket) {
                socket.close();
            }
        }
    }
}
