package dev.livebridge.gemini;

import dev.livebridge.SelfSigned;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gemini behind TLS on 127.0.0.1, with a certificate of a private CA, and a company's proxy before it. A second one has
 * an untrusted certificate.
 *
 * <p>Argument {@code way}: {@code proxy} puts the proxy between, {@code direct} does not and names the certificate in
 * the default TLS configuration.
 */
public class PrivateGemini implements QuarkusTestResourceLifecycleManager {

    static final String KEY = "hidden-key-of-a-test";
    static final String HOST = "gemini.test";

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private boolean proxied;
    private @Nullable Vertx vertx;
    private @Nullable Path directory;
    private @Nullable ConnectProxy proxy;
    private int trustedPort;
    private int untrustedPort;

    @Override
    public void init(Map<String, String> arguments) {
        proxied = arguments.getOrDefault("way", "proxy").equals("proxy");
    }

    @Override
    public Map<String, String> start() {
        try {
            vertx = Vertx.vertx();
            directory = Files.createTempDirectory("private-gemini");
            SelfSigned trusted = SelfSigned.create(directory, "trusted");
            trustedPort = serve(trusted.keyStore());
            untrustedPort = serve(SelfSigned.create(directory, "stranger").keyStore());
            proxy = new ConnectProxy(vertx, trustedPort);
            Map<String, String> settings = new HashMap<>(Map.of(
                    "livebridge.upstream.backend", "gemini",
                    "livebridge.upstream.connect-timeout", "5s",
                    "GEMINI_API_KEY", KEY));
            if (proxied) {
                settings.put("livebridge.gemini.base-uri", "https://" + HOST);
                settings.put(
                        "livebridge.upstream.proxy",
                        "http://" + ConnectProxy.USER + ":p%40ss%3Aword+1@127.0.0.1:" + proxy.port());
                settings.put("livebridge.upstream.tls", "company");
                settings.put(
                        "quarkus.tls.company.trust-store.pem.certs",
                        trusted.certificate().toString());
            } else {
                settings.put("livebridge.gemini.base-uri", "https://127.0.0.1:" + trustedPort);
                settings.put("https_proxy", "http://127.0.0.1:" + proxy.port());
                settings.put(
                        "quarkus.tls.trust-store.pem.certs",
                        trusted.certificate().toString());
            }
            return settings;
        } catch (Exception e) {
            throw new IllegalStateException("the private Gemini does not start", e);
        }
    }

    @Override
    public void stop() {
        try {
            if (vertx != null) {
                vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            if (directory != null) {
                try (var files = Files.list(directory)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the private Gemini does not stop", e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(PrivateGemini.class));
    }

    ConnectProxy proxy() {
        if (proxy == null) {
            throw new IllegalStateException("not started");
        }
        return proxy;
    }

    int trustedPort() {
        return trustedPort;
    }

    /** Its certificate is of no CA that is trusted. */
    int untrustedPort() {
        return untrustedPort;
    }

    /** The keys that arrived, in order. */
    List<String> keys() {
        return keys;
    }

    /** What was asked for, in order. */
    List<String> paths() {
        return paths;
    }

    private int serve(Path keyStore) throws Exception {
        HttpServer server = vertx().createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PfxOptions().setPath(keyStore.toString()).setPassword(SelfSigned.PASSWORD)))
                .webSocketHandler(this::talk)
                .requestHandler(this::answer);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return server.actualPort();
    }

    private Vertx vertx() {
        if (vertx == null) {
            throw new IllegalStateException("not started");
        }
        return vertx;
    }

    private void answer(HttpServerRequest request) {
        keys.add(String.valueOf(request.getHeader("x-goog-api-key")));
        paths.add(request.path());
        request.response().putHeader("content-type", "application/json").end(FakeModelsService.GOOD);
    }

    private void talk(ServerWebSocket socket) {
        keys.add(String.valueOf(socket.headers().get("x-goog-api-key")));
        paths.add(socket.path());
        socket.textMessageHandler(setup -> socket.writeBinaryMessage(Buffer.buffer("{\"setupComplete\":{}}")));
    }
}
