package dev.livebridge.gemini;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands in for Gemini's models over HTTP, and is the address that the application under test is given. */
public class FakeModelsService implements QuarkusTestResourceLifecycleManager {

    static final String KEY = "hidden-key-of-a-test";
    static final String MODEL = "/v1beta/models/gemini-3.8-live";
    static final String MODELS = "/v1beta/models";
    static final String GOOD = """
            {
              "name": "models/gemini-3.8-live",
              "version": "3.8",
              "displayName": "Gemini 3.8 Live",
              "inputTokenLimit": 131072,
              "supportedGenerationMethods": ["bidiGenerateContent", "countTokens"]
            }
            """;

    private final Map<String, Answer> answers = new ConcurrentHashMap<>(Map.of(MODEL, new Answer(200, GOOD)));
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private @Nullable HttpServer server;

    record Answer(int status, String body) {}

    record Request(String method, URI uri, Headers headers) {}

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        return Map.of(
                "livebridge.upstream.backend",
                "gemini",
                "livebridge.gemini.base-uri",
                address().toString(),
                "GEMINI_API_KEY",
                KEY);
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(FakeModelsService.class));
    }

    URI address() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answers(String path, int status, String body) {
        answers.put(path, new Answer(status, body));
    }

    List<Request> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(
                    new Request(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders()));
            Answer answer = answers.getOrDefault(
                    exchange.getRequestURI().getPath(), new Answer(500, "<html>not expected</html>"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
