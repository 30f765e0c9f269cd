package dev.livebridge.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Pages of two other origins, which embed the service: the examples of the documentation, with the address of the
 * tested service. Pages of {@code localhost} may embed it, the same pages of {@code 127.0.0.1} may not.
 */
public final class EmbeddingHosts implements QuarkusTestResourceLifecycleManager {

    /** Properties with the origins of both. */
    static final String ALLOWED = "test.embedding.allowed";

    static final String REFUSED = "test.embedding.refused";

    private static final Path EXAMPLES = Path.of("docs/examples/embed");

    private int service;
    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            service = free.getLocalPort();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        int port = server.getAddress().getPort();
        String allowed = "http://localhost:" + port;
        return Map.of(
                "quarkus.http.test-port",
                Integer.toString(service),
                "livebridge.browser.allow-loopback-origins",
                "false",
                "livebridge.browser.allowed-origins",
                allowed + ",http://localhost:" + service,
                "livebridge.browser.allowed-framers",
                allowed,
                ALLOWED,
                allowed,
                REFUSED,
                "http://127.0.0.1:" + port);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path page = EXAMPLES.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!Files.isRegularFile(page)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = Files.readString(page)
                    .replace("https://live.example.com", "http://localhost:" + service)
                    .replace("wss://live.example.com", "ws://localhost:" + service)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html;charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
