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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of two other origins, which embed the service: the examples of the documentation, with the address of the
 * tested service. Pages of {@code localhost} may embed it, the same pages of {@code 127.0.0.1} may not.
 */
public final class EmbeddingHosts implements QuarkusTestResourceLifecycleManager {

    /** Properties with the origins of both. */
    static final String ALLOWED = "test.embedding.allowed";

    static final String REFUSED = "test.embedding.refused";

    /** Folders of the pages, and of the packages that they load. */
    private static final List<Path> FOLDERS =
            List.of(Path.of("docs/examples/embed"), Path.of("clients/js/examples"), JsPackage.FOLDER);

    private int service;
    private @Nullable HttpServer server;

    @Override
    public Map<String, String> start() {
        HttpServer created;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            service = free.getLocalPort();
            created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = created;
        created.createContext("/", this::answer);
        created.start();
        int port = created.getAddress().getPort();
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
            String path = exchange.getRequestURI().getPath().substring(1);
            Optional<Path> found = FOLDERS.stream()
                    .map(folder -> folder.resolve(path))
                    .filter(Files::isRegularFile)
                    .findFirst();
            if (found.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            boolean script = path.endsWith(".js");
            String text = Files.readString(found.get());
            byte[] body = (script ? text : addressed(text)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", (script ? "text/javascript" : "text/html") + ";charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String addressed(String page) {
        return page.replace("https://live.example.com", "http://localhost:" + service)
                .replace("wss://live.example.com", "ws://localhost:" + service);
    }
}
