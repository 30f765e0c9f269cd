package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.SelfSigned;
import dev.livebridge.config.LivebridgeConfig;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.impl.WebSocketInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SSLOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiSocketsTest {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The configuration {@code company}, which trusts one certificate; nothing if there is none. */
    private record Trusted(@Nullable TlsConfiguration company) implements TlsConfigurationRegistry {

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return name.equals("company") ? Optional.ofNullable(company) : Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }

    private static TlsConfiguration trusting(Path certificate) {
        PemTrustOptions trust = new PemTrustOptions().addCertPath(certificate.toString());
        return new BaseTlsConfiguration() {
            @Override
            public PemTrustOptions getTrustStoreOptions() {
                return trust;
            }

            @Override
            public SSLOptions getSSLOptions() {
                return new SSLOptions().setTrustOptions(trust);
            }
        };
    }

    private GeminiSockets client(Map<String, String> settings, @Nullable TlsConfiguration company) {
        SmallRyeConfig config = Settings.of(settings);
        LivebridgeConfig livebridge = config.getConfigMapping(LivebridgeConfig.class);
        return new GeminiSockets(livebridge, new UpstreamTls(livebridge, config, new Trusted(company)), vertx);
    }

    private int serve(HttpServerOptions options) throws Exception {
        return get(vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0))
                        .webSocketHandler(
                                socket -> requests.add(socket.headers().get("x-goog-api-key") + " " + socket.uri()))
                        .listen())
                .actualPort();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static WebSocket connect(GeminiSockets client, String address, Executor eventLoop) throws Exception {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-goog-api-key", "secret");
        CompletableFuture<WebSocket> opened = new CompletableFuture<>();
        client.connect(URI.create(address), headers, null, eventLoop, socket -> {
                    assertTrue(((EventLoop) loopOf(socket)).inEventLoop());
                    opened.complete(socket);
                })
                .get(10, TimeUnit.SECONDS);
        return opened.join();
    }

    private static EventExecutor loopOf(WebSocket socket) {
        return ((WebSocketInternal) socket).channelHandlerContext().executor();
    }

    @Test
    void theConnectionIsOnTheWantedEventLoop() throws Exception {
        GeminiSockets client = client(Map.of(), null);
        String address = "http://127.0.0.1:" + serve(new HttpServerOptions());

        for (int i = 0; i < 6; i++) {
            EventLoop wanted = ((VertxInternal) vertx).createEventLoopContext().nettyEventLoop();

            assertEquals(wanted, loopOf(connect(client, address, wanted)));
        }
    }

    @Test
    void anExecutorThatIsNoEventLoopHasNoEffect() throws Exception {
        String address = "ws://127.0.0.1:" + serve(new HttpServerOptions());

        WebSocket socket = connect(client(Map.of(), null), address, Runnable::run);

        assertEquals(((VertxInternal) vertx).getEventLoopGroup(), ((EventLoop) loopOf(socket)).parent());
    }

    @Test
    void aFailureOfTheConsumerFailsTheConnection() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + serve(new HttpServerOptions()));
        GeminiSockets client = client(Map.of(), null);

        CompletableFuture<?> opened =
                client.connect(address, MultiMap.caseInsensitiveMultiMap(), null, Runnable::run, socket -> {
                    throw new IllegalStateException("gone");
                });

        ExecutionException failure = assertThrows(ExecutionException.class, () -> opened.get(10, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "/, ''", "/prefix, /prefix", "/a%20b/, /a%20b"})
    void thePathOfTheAddressPrecedesGeminis(String path, String prefix) throws Exception {
        GeminiSockets client = client(Map.of("livebridge.gemini.api-version", "v1alpha"), null);

        WebSocket socket = connect(client, "http://127.0.0.1:" + serve(new HttpServerOptions()) + path, Runnable::run);

        assertEquals(
                List.of("secret " + prefix
                        + "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent"),
                requests);
        assertFalse(socket.isSsl());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "wss"})
    void renewedCertificatesAreTrusted(String scheme, @TempDir Path directory) throws Exception {
        SelfSigned old = SelfSigned.create(directory, "old");
        SelfSigned renewed = SelfSigned.create(directory, "renewed");
        GeminiSockets client = client(Map.of("livebridge.upstream.tls", "company"), trusting(old.certificate()));
        String address = scheme + "://127.0.0.1:"
                + serve(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(renewed.keyStore().toString())
                                .setPassword(SelfSigned.PASSWORD)));
        ExecutionException refused =
                assertThrows(ExecutionException.class, () -> connect(client, address, Runnable::run));
        assertInstanceOf(SSLException.class, refused.getCause());

        client.onCertificate(new CertificateUpdatedEvent("other", trusting(renewed.certificate())));
        assertThrows(ExecutionException.class, () -> connect(client, address, Runnable::run));
        client.onCertificate(new CertificateUpdatedEvent("company", trusting(renewed.certificate())));

        assertTrue(connect(client, address, Runnable::run).isSsl());
    }
}
