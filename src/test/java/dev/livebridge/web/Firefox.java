package dev.livebridge.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * An installed Firefox, headless, driven by WebDriver BiDi: the one that the system property {@code livebridge.firefox}
 * names, else the first on the {@code PATH}. Its microphone is a tone, and it asks for no permission. It plays into a
 * PulseAudio of its own without a device, because an audio context of Firefox does not run without a place for its
 * sound. Where one of the two programs is missing the test is skipped and says so, or fails with
 * {@code -Dfirefox.required=true}.
 */
final class Firefox implements AutoCloseable {

    private static final List<String> NAMES = List.of("firefox-esr", "firefox");
    private static final Pattern LISTENING = Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PREFERENCES = """
            user_pref("media.navigator.streams.fake", true);
            user_pref("media.navigator.permission.disabled", true);
            user_pref("ui.prefersReducedMotion", 1);
            user_pref("app.update.enabled", false);
            user_pref("browser.shell.checkDefaultBrowser", false);
            user_pref("datareporting.policy.dataSubmissionEnabled", false);
            user_pref("toolkit.telemetry.enabled", false);
            user_pref("intl.accept_languages", "en-GB");
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger newestId = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path profile;
    private final Process sound;
    private final Process process;
    private final WebSocket socket;
    private final String context;

    private Firefox(Path executable, Path pulseAudio) throws IOException {
        profile = Files.createTempDirectory("firefox");
        Files.writeString(profile.resolve("user.js"), PREFERENCES);
        // PulseAudio refuses a folder that other users can read; they cannot read a temporary folder.
        sound = start(
                ProcessBuilder.Redirect.DISCARD,
                pulseAudio.toString(),
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--load=module-null-sink",
                "--load=module-native-protocol-unix");
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(profile.resolve("pulse/native")));
        } catch (RuntimeException e) {
            sound.destroyForcibly();
            throw e;
        }
        process = start(
                ProcessBuilder.Redirect.PIPE,
                executable.toString(),
                "--headless",
                "--no-remote",
                "--remote-debugging-port",
                "0",
                "--profile",
                profile.toString(),
                "about:blank");
        try {
            String address = address();
            socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create(address + "/session"), new Messages())
                    .join();
            call("session.new", json.createObjectNode().set("capabilities", json.createObjectNode()));
            context = call("browsingContext.getTree", json.createObjectNode())
                    .at("/contexts/0/context")
                    .asText();
            ObjectNode size = json.createObjectNode().put("context", context);
            size.putObject("viewport").put("width", 1280).put("height", 800);
            call("browsingContext.setViewport", size);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            sound.destroyForcibly();
            throw e;
        }
    }

    static Firefox launch() {
        try {
            return new Firefox(
                    firefox().orElseGet(() -> missing("Firefox")),
                    onThePath(List.of("pulseaudio")).orElseGet(() -> missing("PulseAudio")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void open(String url) {
        call(
                "browsingContext.navigate",
                json.createObjectNode().put("context", context).put("url", url).put("wait", "complete"));
    }

    /** The value of an expression, or of what it promises, as JSON. */
    JsonNode value(String expression) {
        ObjectNode parameters = json.createObjectNode()
                .put("expression", "(async () => JSON.stringify((await (" + expression + ")) ?? null))()")
                .put("awaitPromise", true);
        parameters.putObject("target").put("context", context);
        JsonNode answer = call("script.evaluate", parameters);
        if (!answer.path("type").asText().equals("success")) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        try {
            return json.readTree(answer.at("/result/value").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until an expression of the element's members is true. */
    void awaitTrue(String expression) {
        String element = "document.querySelector('gemini-live')";
        String holds = "Boolean(" + element + "?." + expression + ")";
        try {
            await().atMost(PATIENCE).until(() -> value(holds).asBoolean());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(expression + " did not come true: " + value(element + "?.diagnostics()"), e);
        }
    }

    /** Clicks an element of the shadow root as a person does, so that the browser counts it as a gesture. */
    void click(String selector) {
        awaitTrue("shadowRoot.querySelector(\"" + selector + "\")");
        JsonNode centre = value("""
                (() => {
                  const { x, y, width, height } = document.querySelector('gemini-live').shadowRoot
                    .querySelector("%s").getBoundingClientRect();
                  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
                })()""".formatted(selector));
        ObjectNode source = json.createObjectNode().put("type", "pointer").put("id", "mouse");
        ArrayNode actions = source.putArray("actions");
        actions.addObject()
                .put("type", "pointerMove")
                .put("x", centre.get("x").asInt())
                .put("y", centre.get("y").asInt());
        actions.addObject().put("type", "pointerDown").put("button", 0);
        actions.addObject().put("type", "pointerUp").put("button", 0);
        perform(source);
    }

    /** Presses keys, one after the other. */
    void type(String text) {
        ObjectNode source = json.createObjectNode().put("type", "key").put("id", "keys");
        ArrayNode actions = source.putArray("actions");
        text.codePoints().mapToObj(Character::toString).forEach(key -> {
            actions.addObject().put("type", "keyDown").put("value", key);
            actions.addObject().put("type", "keyUp").put("value", key);
        });
        perform(source);
    }

    void screenshot(String folder, String name) {
        JsonNode picture = call(
                "browsingContext.captureScreenshot", json.createObjectNode().put("context", context));
        Path file = Path.of("target", "screenshots", folder, name + ".png");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (Process each : List.of(process, sound)) {
                each.destroy();
                if (!each.waitFor(10, TimeUnit.SECONDS)) {
                    each.destroyForcibly().waitFor();
                }
            }
            client.close();
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(ProcessBuilder.Redirect output, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("HOME", profile.toString());
        builder.environment().put("XDG_RUNTIME_DIR", profile.toString());
        return builder.start();
    }

    private void perform(ObjectNode source) {
        ObjectNode parameters = json.createObjectNode().put("context", context);
        parameters.putArray("actions").add(source);
        call("input.performActions", parameters);
    }

    private JsonNode call(String method, JsonNode parameters) {
        int id = newestId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        ObjectNode command = json.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        socket.sendText(command.toString(), true).join();
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method, e);
        }
    }

    /** Reads the output up to the address, and the rest on a thread of its own. */
    private String address() throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder before = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread.ofVirtual().start(() -> discard(output));
                return listening.group(1);
            }
            before.append(line).append('\n');
        }
        throw new IllegalStateException("Firefox does not start: " + before);
    }

    /** So that Firefox never waits for a reader. */
    private void discard(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // Nothing of it is needed.
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                answered(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        private void answered(String message) {
            try {
                JsonNode answer = json.readTree(message);
                CompletableFuture<JsonNode> waiting =
                        pending.remove(answer.path("id").asInt());
                if (waiting == null) {
                    return;
                }
                if (answer.path("type").asText().equals("error")) {
                    waiting.completeExceptionally(new IllegalStateException(message));
                } else {
                    waiting.complete(answer.path("result"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Optional<Path> firefox() {
        String named = System.getProperty("livebridge.firefox", "");
        return named.isEmpty() ? onThePath(NAMES) : Optional.of(Path.of(named));
    }

    private static Optional<Path> onThePath(List<String> names) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getenv("PATH"))
                .flatMap(directory -> names.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path missing(String program) {
        String sentence = "THE PAGE IS NOT TESTED IN FIREFOX: there is no " + program + " on the PATH.";
        if (Boolean.getBoolean("firefox.required")) {
            throw new IllegalStateException(sentence);
        }
        System.err.println("[WARNING] " + sentence);
        return abort(sentence);
    }
}
