package dev.livebridge.access.request;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An identity provider with two documents: its configuration and its keys. A test controls it by HTTP, because the test
 * has another class loader, and reads the private keys from a directory.
 */
public class IdentityProviderStub implements QuarkusTestResourceLifecycleManager {

    private static final long SLOW_MILLIS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Issuer current = Issuer.create("one");
    private volatile String behaviour = "up";
    private Path directory = Path.of("");

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("livebridge-issuer");
            current.write(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        String url = "http://127.0.0.1:" + server.actualPort();
        return Map.of(
                "livebridge.access.mode",
                "required",
                "livebridge.access.oidc",
                "true",
                "quarkus.oidc.auth-server-url",
                url,
                "quarkus.oidc.token.issuer",
                Issuer.NAME,
                "quarkus.oidc.token.audience",
                Issuer.AUDIENCE,
                "quarkus.oidc.token.forced-jwk-refresh-interval",
                "2S",
                "test.issuer.url",
                url,
                "test.issuer.directory",
                directory.toString());
    }

    private void answer(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        switch (path) {
            case "/.well-known/openid-configuration" ->
                request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(new JsonObject()
                                .put("issuer", Issuer.NAME)
                                .put("jwks_uri", "http://" + request.authority() + "/jwks")
                                .encode());
            case "/jwks" -> keys(request);
            case "/fetches" -> request.response().end(String.valueOf(fetches.get()));
            case "/rotate" -> {
                current = Issuer.create("two");
                try {
                    current.write(directory);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                request.response().end();
            }
            default -> {
                behaviour = path.substring(1);
                request.response().end();
            }
        }
    }

    private void keys(HttpServerRequest request) {
        fetches.incrementAndGet();
        String keys = new JsonObject().put("keys", List.of(current.jwk())).encode();
        switch (behaviour) {
            case "down" -> request.connection().close();
            case "slow" -> vertx.setTimer(SLOW_MILLIS, _ -> request.response().end(keys));
            case "broken" -> request.response().setStatusCode(500).end("no keys");
            default ->
                request.response().putHeader("Content-Type", "application/json").end(keys);
        }
    }

    @Override
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
