package dev.livebridge.gemini;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.gemini.CloseCodes.Phase;
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
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
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
    private final ModelCatalogue catalogue;
    private final ClientPolicy policy;
    private final CloseCodes closeCodes;
    private final Meters meters;
    private final ClientIdentity identity;
    private final GeminiSockets sockets;
    private final WireDecoder decoder = new WireDecoder();
    private final AtomicInteger open = new AtomicInteger();

    GeminiConnector(
            LivebridgeConfig config,
            BackendChoice backend,
            Credentials credentials,
            OutboundProxy proxies,
            ModelCatalogue catalogue,
            ClientPolicy policy,
            CloseCodes closeCodes,
            Meters meters,
            ClientIdentity identity,
            GeminiSockets sockets) {
        this.config = config;
        this.backend = backend;
        this.credentials = credentials;
        this.proxies = proxies;
        this.catalogue = catalogue;
        this.policy = policy;
        this.closeCodes = closeCodes;
        this.meters = meters;
        this.identity = identity;
        this.sockets = sockets;
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

        CompletableFuture<@Nullable Void> opening = openSocket(connection, eventLoop);
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

    private CompletableFuture<@Nullable Void> openSocket(GeminiConnection connection, Executor eventLoop) {
        MultiMap headers = HttpHeaders.headers()
                .add("x-goog-api-client", identity.header())
                .add("x-goog-api-key", credentials.apiKey().orElse(SIMULATOR_KEY));
        return sockets.connect(backend.address(), headers, proxies.to(backend.address()), eventLoop, socket -> {
            open.incrementAndGet();
            connection.onOpened(socket, meters.modelSockets());
        });
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
