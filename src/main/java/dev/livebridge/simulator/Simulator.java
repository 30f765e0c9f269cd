package dev.livebridge.simulator;

import dev.livebridge.config.SimulatorAddress;
import dev.livebridge.config.SimulatorConfig;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The built-in Gemini Live, on a loopback port of its own: sockets and REST on the real paths, over real connections.
 * Nothing listens until {@link #start()}.
 */
@ApplicationScoped
public class Simulator implements SimulatorAddress {

    private static final Logger LOG = Logger.getLogger(Simulator.class);
    private static final String HOST = "127.0.0.1";

    /** The limit of the real service; the gateway's own limits are lower. */
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final Vertx vertx;
    private final SimulatorConfig config;
    private final SimulatorStatistics statistics = new SimulatorStatistics();
    private final Faults faults = new Faults();
    private @Nullable HttpServer server;

    /** Nothing is opened or loaded yet. */
    @Inject
    public Simulator(Vertx vertx, SimulatorConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Listens on 127.0.0.1, if it does not already, and says where: {@code http://127.0.0.1:PORT}. Waits until the port
     * is open, so it must not be called from an event loop.
     *
     * @throws IllegalStateException on an event loop
     */
    @Override
    public synchronized URI start() {
        if (server == null) {
            if (Context.isOnEventLoopThread()) {
                throw new IllegalStateException("the simulator cannot be started from an event loop");
            }
            AuthTokens tokens = new AuthTokens(Clock.systemUTC());
            RestApi rest = new RestApi(tokens);
            Connection.Surroundings around = new Connection.Surroundings(
                    vertx,
                    config,
                    new Answers(new Recordings(), Clock.systemUTC()),
                    new ResumptionHandles(System::nanoTime),
                    tokens,
                    faults,
                    statistics);
            server = vertx.createHttpServer(options())
                    .requestHandler(request -> handle(request, around, rest))
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            LOG.infof("simulated Gemini Live on http://%s:%d", HOST, server.actualPort());
        }
        return URI.create("http://" + HOST + ":" + server.actualPort());
    }

    /** Closes the port and every connection. */
    @PreDestroy
    public synchronized void close() {
        if (server != null) {
            server.close().toCompletionStage().toCompletableFuture().join();
            server = null;
        }
    }

    /** Statistics of all connections. */
    public SimulatorStatistics statistics() {
        return statistics;
    }

    /** Faults to inject. */
    public Faults faults() {
        return faults;
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(HOST)
                .setPort(config.port())
                .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                // A peer that does not answer a close frame is dropped.
                .setWebSocketClosingTimeout(2)
                .setTcpNoDelay(true);
    }

    private void handle(HttpServerRequest request, Connection.Surroundings around, RestApi rest) {
        Optional<LivePath> path = LivePath.of(Objects.requireNonNullElse(request.path(), ""));
        if (path.isPresent()
                && request.method().equals(HttpMethod.GET)
                && request.headers().contains("upgrade")) {
            upgrade(request, path.get(), around);
        } else {
            rest.handle(request);
        }
    }

    private void upgrade(HttpServerRequest request, LivePath path, Connection.Surroundings around) {
        FaultPlan plan;
        try {
            plan = faults.plan(request.params().getAll("fault"));
        } catch (IllegalArgumentException e) {
            request.response().setStatusCode(400).end(e.getMessage());
            return;
        }
        Optional<Fault.RefuseUpgrade> refusal = plan.first(Fault.RefuseUpgrade.class);
        if (refusal.isPresent()) {
            request.response().setStatusCode(refusal.get().status()).end();
            return;
        }
        request.toWebSocket()
                .onFailure(failure -> LOG.debugf(failure, "upgrade failed"))
                .onSuccess(socket -> {
                    plan.first(Fault.LatePongs.class)
                            .ifPresent(late -> RawChannel.of(socket).delayPongs(late.delay()));
                    new Connection(socket, path, Credential.of(request), plan, around).open();
                });
    }
}
