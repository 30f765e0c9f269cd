package dev.livebridge.bench;

import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The baseline: a minimal Vert.x relay without parsing, limits, meters or states. A gateway costs at least as much; the
 * benchmark shows how much more. Three threading models separate the cost of thread hops from the cost of the gateway
 * ({@link Arrangement}).
 *
 * <p>Arguments: the port of the upstream, the arrangement. Prints {@code listening PORT} and runs until its input ends.
 */
public final class BareRelay {

    private static final int MAX_MESSAGE = 16 * 1024 * 1024;
    private static final int MAX_CONNECTIONS = 100_000;

    /** The threading model of the relay. */
    enum Arrangement {
        /** Both sockets of every session live on one and the same event loop: nothing is ever handed over. */
        ONE_LOOP,
        /** The sockets of a session live on two event loops: a frame is handed over once. */
        TWO_LOOPS,
        /** Two loops, and between them a virtual thread per direction that is the only one to write: twice. */
        VIRTUAL_THREADS
    }

    private final VertxInternal vertx;
    private final Arrangement arrangement;
    private final WebSocketClient client;
    private final int upstreamPort;

    private BareRelay(VertxInternal vertx, int upstreamPort, Arrangement arrangement) {
        this.vertx = vertx;
        this.arrangement = arrangement;
        this.upstreamPort = upstreamPort;
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(MAX_CONNECTIONS)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
    }

    /** Starts the relay. */
    public static void main(String... arguments) throws IOException {
        // Left to itself Netty finds the gateway's log manager on the class path, unconfigured, and traces every frame.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(4));
        BareRelay relay =
                new BareRelay((VertxInternal) vertx, Integer.parseInt(arguments[0]), Arrangement.valueOf(arguments[1]));
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
        connect(downstream.uri())
                .onSuccess(upstream -> {
                    relay(downstream, upstream);
                    relay(upstream, downstream);
                    downstream.resume();
                })
                .onFailure(failure -> downstream.close((short) 1013, "no upstream"));
    }

    /** A client's socket lives on the event loop of the caller. */
    private Future<WebSocket> connect(String uri) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(upstreamPort)
                .setURI(uri);
        if (arrangement == Arrangement.ONE_LOOP) {
            return client.connect(options);
        }
        EventLoop here = vertx.getContext().nettyEventLoop();
        ContextInternal other;
        do {
            other = vertx.createEventLoopContext();
        } while (other.nettyEventLoop() == here);
        Promise<WebSocket> connected = Promise.promise();
        other.runOnContext(there -> client.connect(options).onComplete(connected));
        return connected.future();
    }

    /** Frames of one side go to the other; when that side's socket is full, this side is not read. */
    private void relay(WebSocketBase from, WebSocketBase to) {
        if (arrangement == Arrangement.VIRTUAL_THREADS) {
            Pump pump = new Pump(to);
            from.frameHandler(frame -> {
                if (isData(frame)) {
                    pump.offer(frame);
                }
            });
            from.closeHandler(closed -> pump.stop());
        } else {
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
        }
        from.exceptionHandler(failure -> close(to));
    }

    private static boolean isData(WebSocketFrame frame) {
        return frame.isText() || frame.isBinary() || frame.isContinuation();
    }

    private static void close(WebSocketBase socket) {
        if (!socket.isClosed()) {
            socket.close();
        }
    }

    /** One direction's queue and its writer, which parks while there is nothing or the socket is full. */
    private static final class Pump {

        private final Queue<WebSocketFrame> frames = new ConcurrentLinkedQueue<>();
        private final WebSocketBase to;
        private final Thread writer;
        private volatile boolean parked;
        private volatile boolean over;

        Pump(WebSocketBase to) {
            this.to = to;
            this.writer = Thread.ofVirtual().start(this::run);
        }

        void offer(WebSocketFrame frame) {
            frames.add(frame);
            wake();
        }

        void stop() {
            over = true;
            wake();
        }

        private void wake() {
            if (parked) {
                parked = false;
                LockSupport.unpark(writer);
            }
        }

        private void run() {
            to.drainHandler(writable -> wake());
            while (!over) {
                WebSocketFrame frame = to.writeQueueFull() ? null : frames.poll();
                if (frame != null) {
                    to.writeFrame(frame);
                    continue;
                }
                parked = true;
                if (!over && (to.writeQueueFull() || frames.isEmpty())) {
                    LockSupport.park(this);
                }
                parked = false;
            }
            close(to);
        }
    }
}
