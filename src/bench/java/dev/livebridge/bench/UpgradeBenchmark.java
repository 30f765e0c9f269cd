package dev.livebridge.bench;

import dev.livebridge.access.keys.KeysCommand;
import dev.livebridge.access.request.Issuer;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * The time of an upgrade: from the TCP connect to the 101, one after the other, at a gateway that asks for no
 * credential and at one that does. The kinds of caller take turns, so that a slow moment of the machine meets all of
 * them.
 */
public final class UpgradeBenchmark {

    private static final int WARM_UP_SHARE = 4;

    private final int upgrades = Integer.getInteger("bench.upgrades", 3_000);
    private final WebSocketClient client;

    private UpgradeBenchmark(Vertx vertx) {
        client = vertx.createWebSocketClient(new WebSocketClientOptions());
    }

    /** Runs everything; argument: the packaged gateway's {@code quarkus-run.jar}. */
    public static void main(String... arguments) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        try {
            new UpgradeBenchmark(Vertx.vertx()).run(Path.of(arguments[0]));
        } catch (IOException | RuntimeException e) {
            // Vert.x' threads would keep the program alive.
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    /** A kind of caller, and the times of its upgrades in nanoseconds. */
    private record Kind(String name, int port, Supplier<Map<String, String>> headers, Histogram times) {

        Kind(String name, Relay gateway, Supplier<Map<String, String>> headers) {
            this(name, gateway.port(), headers, new Histogram(TimeUnit.SECONDS.toNanos(10), 3));
        }
    }

    private void run(Path jar) throws IOException {
        if (upgrades == 0) {
            return;
        }
        Issuer issuer = Issuer.create("one");
        Path directory = Files.createTempDirectory("livebridge-bench");
        String key = key(directory.resolve("keys"));
        try (Relay open = gateway(jar, Map.of("LIVEBRIDGE_ACCESS_MODE", "open"));
                Relay required = gateway(
                        jar,
                        Map.of(
                                "LIVEBRIDGE_ACCESS_MODE",
                                "required",
                                "LIVEBRIDGE_ACCESS_OIDC",
                                "true",
                                "LIVEBRIDGE_ACCESS_KEYS_FILE",
                                directory.resolve("keys").toString(),
                                "QUARKUS_OIDC_PUBLIC_KEY",
                                issuer.publicKeyText(),
                                "QUARKUS_OIDC_TOKEN_ISSUER",
                                Issuer.NAME,
                                "QUARKUS_OIDC_TOKEN_AUDIENCE",
                                Issuer.AUDIENCE))) {
            List<Kind> kinds = List.of(
                    new Kind("open", open, Map::of),
                    new Kind("API key", required, () -> Map.of("Authorization", "Bearer " + key)),
                    new Kind("JWT, another each time", required, new Tokens(issuer, upgrades)));
            for (int i = 0; i < upgrades; i++) {
                for (Kind kind : kinds) {
                    long time = upgrade(kind);
                    if (i >= upgrades / WARM_UP_SHARE) {
                        kind.times().recordValue(time);
                    }
                }
            }
            print(kinds);
        } finally {
            Files.delete(directory.resolve("keys"));
            Files.delete(directory);
        }
    }

    /** Tokens that are signed before they are needed: signing costs more than the gateway's check. */
    private static final class Tokens implements Supplier<Map<String, String>> {

        private static final int AHEAD = 200;

        private final Issuer issuer;
        private final List<String> signed = new ArrayList<>();
        private int number;

        Tokens(Issuer issuer, int count) {
            this.issuer = issuer;
            signed.addAll(sign(Math.min(AHEAD, count)));
        }

        private List<String> sign(int count) {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                tokens.add(issuer.token("subject-" + number++));
            }
            return tokens;
        }

        @Override
        public Map<String, String> get() {
            if (signed.isEmpty()) {
                signed.addAll(sign(AHEAD));
            }
            return Map.of("Authorization", "Bearer " + signed.removeLast());
        }
    }

    private static void print(List<Kind> kinds) {
        Histogram base = kinds.getFirst().times();
        System.out.println("""

                | upgrade | p50 ms | p99 ms | p50 above open | p99 above open |
                | --- | --- | --- | --- | --- |""");
        for (Kind kind : kinds) {
            System.out.printf(
                    "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                    kind.name(),
                    millis(kind.times(), 50),
                    millis(kind.times(), 99),
                    millis(kind.times(), 50) - millis(base, 50),
                    millis(kind.times(), 99) - millis(base, 99));
        }
    }

    private static double millis(Histogram times, double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }

    private long upgrade(Kind kind) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(kind.port())
                .setURI("/live")
                // A key without origins is for programs: a page that shows it is refused.
                .setAllowOriginHeader(false);
        kind.headers().get().forEach(options::addHeader);
        long begin = System.nanoTime();
        WebSocket socket;
        try {
            socket = client.connect(options)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("an upgrade failed: " + kind.name(), e);
        }
        long time = System.nanoTime() - begin;
        socket.close().toCompletionStage().toCompletableFuture().join();
        return time;
    }

    private static Relay gateway(Path jar, Map<String, String> environment) throws IOException {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("LIVEBRIDGE_UPSTREAM_BACKEND", "simulator");
        all.put("LIVEBRIDGE_BROWSER_CLIENTS_WITHOUT_ORIGIN", "loopback");
        return Relay.java(
                List.of(
                        "-Dquarkus.http.port=0",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.management.port=0",
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.log.console.json.enabled=false",
                        "-jar",
                        jar.toString()),
                all,
                "Listening on: http://127.0.0.1:");
    }

    private static String key(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = new KeysCommand(new PrintStream(out, true, StandardCharsets.UTF_8), System.err)
                .run("make", "--file", file.toString(), "--id", "bench", "--roles", "talk");
        if (status != 0) {
            throw new IOException("the key was not made: " + status);
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }
}
