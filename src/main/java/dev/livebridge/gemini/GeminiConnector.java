package dev.livebridge.gemini;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.CloseCodes.Phase;
import dev.livebridge.gemini.OutboundProxy.Proxy;
import dev.livebridge.gemini.SetupFitting.Fitted;
import dev.livebridge.gemini.wire.PictureParts;
import dev.livebridge.gemini.wire.WireDecoder;
import dev.livebridge.gemini.wire.WireEncoder;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.WithoutPictures;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.WebSocketClientConnection;
import io.quarkus.websockets.next.WebSocketConnector;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the model: fits the setup, opens the socket, sends the setup. Host, path and key come from
 * configuration.
 */
@Singleton
public class GeminiConnector implements UpstreamConnector {

    /** The simulator requires a key as Gemini does, and accepts any. */
    static final String SIMULATOR_KEY = "simulator";

    private final LivebridgeConfig config;
    private final BackendChoice backend;
    private final Credentials credentials;
    private final OutboundProxy proxies;
    private final UpstreamTls tls;
    private final ModelCatalogue catalogue;
    private final ClientPolicy policy;
    private final CloseCodes closeCodes;
    private final Meters meters;
    private final ClientIdentity identity;
    private final Instance<WebSocketConnector<GeminiSocket>> connectors;
    private final VertxWebSockets webSockets;
    private final EventLoopChoice choice;
    private final WireDecoder decoder = new WireDecoder();
    private final AtomicInteger open = new AtomicInteger();

    GeminiConnector(
            LivebridgeConfig config,
            BackendChoice backend,
            Credentials credentials,
            OutboundProxy proxies,
            UpstreamTls tls,
            ModelCatalogue catalogue,
            ClientPolicy policy,
            CloseCodes closeCodes,
            Meters meters,
            ClientIdentity identity,
            Instance<WebSocketConnector<GeminiSocket>> connectors,
            VertxWebSockets webSockets,
            Vertx vertx) {
        this.config = config;
        this.backend = backend;
        this.credentials = credentials;
        this.proxies = proxies;
        this.tls = tls;
        this.catalogue = catalogue;
        this.policy = policy;
        this.closeCodes = closeCodes;
        this.meters = meters;
        this.identity = identity;
        this.connectors = connectors;
        this.webSockets = webSockets;
        this.choice = new EventLoopChoice((VertxInternal) vertx);
        meters.observeUpstreams(open::get);
        meters.knowModels(catalogue.models().stream().map(LiveModel::id).toList());
    }

    @Override
    public Upstream connect(
            ClientMessage.Setup requested,
            Permissions permissions,
            Continuation continuation,
            Executor eventLoop,
            UpstreamListener listener)
            throws UpstreamRefusedException, InterruptedException {
        Fitted fitted = new SetupFitting(catalogue, config.gemini(), policy, permissions)
                .fit(requested, continuation, backend.label());
        ResumptionSetup continuing = new ResumptionSetup(fitted.model(), continuation);
        String setup = continuing.setup(fitted.negotiated().setup());
        WireEncoder encoder = new WireEncoder(fitted.model().textRoute(), ResumptionSetup.historyFirst(setup));
        GeminiConnection connection = new GeminiConnection(
                fitted.negotiated(),
                ResumptionSetup.resumes(setup) ? Phase.RESUMPTION : Phase.BEFORE_SETUP_COMPLETE,
                continuing.opening(),
                new ContextFitting(fitted.model(), policy, permissions),
                encoder,
                decoder,
                closeCodes,
                listener,
                open::decrementAndGet);

        CompletableFuture<Void> opening = openSocket(connection, eventLoop);
        CompletableFuture<Void> setupWritten = opening.thenCompose(ready -> {
            CompletableFuture<Void> written = new CompletableFuture<>();
            connection.send(new ClientMessage.Setup(setup), failure -> complete(written, failure));
            return written;
        });
        long begun = System.nanoTime();
        String outcome = "abandoned";
        try {
            setupWritten.get(config.upstream().connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            outcome = "ok";
            return connection;
        } catch (ExecutionException | TimeoutException failure) {
            UpstreamEnd end = closeCodes.translate(failure, proxies.to(backend.address()));
            outcome = end.cause().label();
            connection.close();
            // The next attempt must not overlap with this connection.
            connection.awaitClosed(Upstream.CLOSE_TIMEOUT);
            throw new UpstreamRefusedException(end);
        } finally {
            if (!outcome.equals("ok")) {
                // If the socket still opens later, GeminiConnection closes it.
                connection.close();
            }
            meters.upstreamConnect(Duration.ofNanos(System.nanoTime() - begun), outcome);
        }
    }

    private CompletableFuture<Void> openSocket(GeminiConnection connection, Executor eventLoop) {
        WebSocketConnector<GeminiSocket> connector = connectors.get();
        connector
                .baseUri(backend.address())
                .pathParam("version", config.gemini().apiVersion())
                .addHeader("x-goog-api-client", identity.header())
                .userData(GeminiConnection.KEY, connection);
        connector.addHeader("x-goog-api-key", credentials.apiKey().orElse(SIMULATOR_KEY));
        int timeoutMillis = Math.toIntExact(config.upstream().connectTimeout().toMillis());
        String trust = tls.name();
        if (trust != null) {
            connector.tlsConfigurationName(trust);
        }
        Proxy proxy = proxies.to(backend.address());
        connector.customizeOptions((connect, client) -> {
            client.setConnectTimeout(timeoutMillis);
            connect.setTimeout(timeoutMillis);
            if (proxy != null) {
                client.setProxyOptions(tunnel(proxy, timeoutMillis));
            }
        });
        // In the pipeline, which the event loop of the socket runs. A stage that is added to the future may run on this
        // thread.
        return choice.on(
                        eventLoop,
                        () -> connector
                                .connect()
                                .invoke(socket -> onOpened(connection, socket))
                                .subscribeAsCompletionStage())
                // The connector is @Dependent: Instance keeps it, and through it the session, reachable
                // until destroy(). Without this call memory leaks.
                .whenComplete((socket, failure) -> connectors.destroy(connector))
                .thenAccept(_ -> {});
    }

    private static ProxyOptions tunnel(Proxy proxy, int timeoutMillis) {
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(proxy.host())
                .setPort(proxy.port())
                .setConnectTimeout(Duration.ofMillis(timeoutMillis));
        return proxy.user() == null
                ? options
                : options.setUsername(proxy.user()).setPassword(proxy.password());
    }

    private void onOpened(GeminiConnection connection, WebSocketClientConnection socket) {
        open.incrementAndGet();
        // Called on the event loop of the socket.
        connection.onOpened(socket, webSockets.channelOf(socket), meters.modelSockets());
    }

    private static void complete(CompletableFuture<Void> future, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failure);
        }
    }

    @Override
    public WithoutPictures withoutPictures(ClientMessage message) {
        return PictureParts.removeFrom(message);
    }
}
