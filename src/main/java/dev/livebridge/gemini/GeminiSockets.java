package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.OutboundProxy.Proxy;
import io.netty.channel.EventLoop;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets to the model, all by one client of Vert.x, so that TLS is set up once.
 *
 * <p>Quarkus' WebSocket client makes a client of Vert.x for each connection, and opens it on the event loop whose turn
 * it is. Here a connection is on the event loop of the conversation's other socket, so that a message needs no signal
 * from one event loop to another.
 */
@Singleton
public class GeminiSockets {

    /** Bytes of a message, and of a frame. */
    static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final Logger LOG = Logger.getLogger(GeminiSockets.class);
    private static final String PATH = "/ws/google.ai.generativelanguage.%s.GenerativeService.BidiGenerateContent";
    private static final Set<String> ENCRYPTED = Set.of("https", "wss");
    private static final int PORT = 80;
    private static final int TLS_PORT = 443;

    /** Seconds for the model's answer to a close frame; the session's next connection waits for it. */
    private static final int CLOSING_SECONDS = 1;

    private final VertxInternal vertx;
    private final UpstreamTls tls;
    private final String apiVersion;
    private final Duration connectTimeout;
    private final WebSocketClient client;

    GeminiSockets(LivebridgeConfig config, UpstreamTls tls, Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
        this.tls = tls;
        this.apiVersion = config.gemini().apiVersion();
        this.connectTimeout = config.upstream().connectTimeout();
        WebSocketClientOptions options = new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .setClosingTimeout(CLOSING_SECONDS)
                .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()));
        tls.configuration().ifPresent(trust -> TlsConfigUtils.configure(options, trust));
        this.client = vertx.createWebSocketClient(options);
    }

    /** Later connections trust the renewed certificates. */
    void onCertificate(@Observes CertificateUpdatedEvent event) {
        if (event.name().equals(tls.name())) {
            client.updateSSLOptions(event.tlsConfiguration().getSSLOptions(), true)
                    .onFailure(
                            failure -> LOG.errorf(
                                    failure,
                                    "the renewed certificates of livebridge.upstream.tls can't be used; those from before stay in use"));
        }
    }

    /**
     * Opens a socket.
     *
     * @param address of the model: scheme, host, port, and a path that precedes Gemini's
     * @param proxy on the way, {@code null} for none
     * @param eventLoop for the socket; one that is not Vert.x' own has no effect
     * @param onOpened called with the open socket, on its event loop, before the first message can arrive
     * @return completes after {@code onOpened}
     */
    CompletableFuture<@Nullable Void> connect(
            URI address, MultiMap headers, @Nullable Proxy proxy, Executor eventLoop, Consumer<WebSocket> onOpened) {
        boolean encrypted = ENCRYPTED.contains(address.getScheme().toLowerCase(Locale.ROOT));
        int port = address.getPort();
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(address.getHost())
                .setPort(port >= 0 ? port : encrypted ? TLS_PORT : PORT)
                .setSsl(encrypted)
                .setURI(path(address))
                .setTimeout(connectTimeout.toMillis());
        options.setHeaders(headers);
        if (proxy != null) {
            options.setProxyOptions(tunnel(proxy));
        }
        CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
        context(eventLoop)
                .runOnContext(_ -> client.connect(options)
                        // A failure of the consumer, such as a connection that is gone already, fails the future.
                        .<@Nullable Void>map(socket -> {
                            onOpened.accept(socket);
                            return null;
                        })
                        .onComplete(opened::complete, opened::completeExceptionally));
        return opened;
    }

    private String path(URI address) {
        String prefix = address.getRawPath() == null ? "" : address.getRawPath();
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + PATH.formatted(apiVersion);
    }

    private ContextInternal context(Executor eventLoop) {
        return eventLoop instanceof EventLoop loop && vertx.getEventLoopGroup().equals(loop.parent())
                ? vertx.createEventLoopContext(
                        loop, null, Thread.currentThread().getContextClassLoader())
                : vertx.createEventLoopContext();
    }

    private ProxyOptions tunnel(Proxy proxy) {
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(proxy.host())
                .setPort(proxy.port())
                .setConnectTimeout(connectTimeout);
        return proxy.user() == null
                ? options
                : options.setUsername(proxy.user()).setPassword(proxy.password());
    }
}
