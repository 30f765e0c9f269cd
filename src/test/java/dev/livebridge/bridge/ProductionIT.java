package dev.livebridge.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.AwaitilityDefaults;
import dev.livebridge.SelfSigned;
import dev.livebridge.management.RawHttp;
import dev.livebridge.proxies.Ports;
import io.restassured.RestAssured;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged service in production mode: refused settings, and the format of its log. */
class ProductionIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port = Ports.free();
    private final int managementPort = Ports.free();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void trafficLoggingStopsTheBoot(String side) throws Exception {
        String property = "quarkus.websockets-next." + side + ".traffic-logging.enabled";

        Process service = start("-D" + property + "=true");
        try {
            assertTrue(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on running");
        } finally {
            service.destroyForcibly();
        }

        assertNotEquals(0, service.exitValue());
        String said = log() + output("errors");
        assertTrue(said.contains(property + " would write what people say into the log: switch it off."), said);
    }

    @Test
    void everyLineOfAConversationsLogIsJsonAndItsEndSaysWhichAndWhy() throws Exception {
        Vertx vertx = Vertx.vertx();
        Process service = start();
        String session;
        try {
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("Listening on"));
            try (TestClient client = open(vertx)) {
                client.send("{\"setup\":{}}");
                session = client.awaitMessage("session").get("session").asText();
                client.send("{\"text\":\"Good morning\"}");
                client.awaitTypes("turnComplete", 1);
            }
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("session ended"));
        } finally {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        List<JsonNode> lines = new ArrayList<>();
        for (String line : log().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        JsonNode end = lines.stream()
                .filter(line -> line.path("message").asText().startsWith("session ended"))
                .findFirst()
                .orElseThrow()
                .path("mdc");
        assertTrue(lines.stream().allMatch(line -> line.has("level") && line.has("message")), this::log);
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(line -> !line.path("level").asText().equals("INFO")
                                && !line.path("loggerName").asText().startsWith("dev.livebridge."))
                        .toList(),
                "warnings of libraries");
        assertEquals(session, end.path("session").asText());
        assertEquals("client_closed", end.path("cause").asText());
        assertEquals("gemini-3.8-live", end.path("model").asText());
        assertEquals("simulator", end.path("backend").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http/protobuf"})
    void aCollectorGetsTheSpansOfAConversationAndNothingThatWasSaid(String protocol) throws Exception {
        Vertx vertx = Vertx.vertx();
        Collector collector = Collector.start(vertx);
        Map<String, String> environment = new HashMap<>();
        environment.put("QUARKUS_OTEL_SDK_DISABLED", "false");
        environment.put("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + collector.port());
        if (!protocol.isEmpty()) {
            environment.put("QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
        }
        Process service = start(environment);
        try {
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("Listening on"));
            converse(vertx);
            // Each look that finds nothing holds another conversation, whose spans are another batch.
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(20))
                    .pollDelay(Duration.ofSeconds(1))
                    .until(() -> {
                        boolean there = collector.received().contains("livebridge.conversation");
                        if (!there) {
                            converse(vertx);
                        }
                        return there;
                    });
        } finally {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        String received = collector.received();
        assertTrue(received.contains("service.name"), received);
        assertTrue(received.contains("livebridge.upstream"), received);
        assertTrue(received.contains("livebridge.turn.turn_complete"), received);
        assertFalse(received.contains("canary"), received);
        assertFalse(log().contains("Failed to export"), this::log);
    }

    private void converse(Vertx vertx) {
        try (TestClient client = open(vertx)) {
            client.send("{\"setup\":{\"systemInstruction\":{\"parts\":[{\"text\":\"canary\"}]}}}");
            client.awaitTypes("ready", 1);
            client.send("{\"text\":\"Good morning, canary\"}");
            client.awaitTypes("turnComplete", 1);
        }
    }

    @Test
    void aProgramOfThisMachineNeedsAnOrigin() throws Exception {
        Vertx vertx = Vertx.vertx();
        Process service = start();
        try {
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("Listening on"));

            CompletionException refusal = assertThrows(
                    CompletionException.class, () -> TestClient.openWithoutOrigin(vertx, server(), "/live"));

            assertEquals(403, ((UpgradeRejectedException) refusal.getCause()).getStatus());
            open(vertx).close();
            // What would show the page's source is not in the package.
            String page = RestAssured.get(server()).asString();
            Matcher script =
                    Pattern.compile("src=\"(/static/bundle/[^\"]+\\.js)\"").matcher(page);
            assertTrue(script.find(), page);
            RestAssured.get(server() + script.group(1)).then().statusCode(200);
            RestAssured.get(server() + script.group(1) + ".map").then().statusCode(404);
        } finally {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', livebridge.access.mode is not set: set LIVEBRIDGE_ACCESS_MODE=required",
        "required, 'livebridge.access.mode is required, but no kind of caller is enabled: set'",
        "closed, livebridge.access.mode",
    })
    void productionStartsOnlyWithAModeOfAccess(String mode, String sentence) throws Exception {
        Process service = start("-Dlivebridge.access.mode=" + mode);
        try {
            assertTrue(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on running");
        } finally {
            service.destroyForcibly();
        }

        assertNotEquals(0, service.exitValue());
        String said = log() + output("errors");
        assertTrue(said.contains(sentence), said);
    }

    @Test
    void forwardedHeadersOfEverybodyStopTheBoot() throws Exception {
        Process service = start(Map.of("QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING", "true"));
        try {
            assertTrue(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on running");
        } finally {
            service.destroyForcibly();
        }

        assertNotEquals(0, service.exitValue());
        String said = log() + output("errors");
        assertTrue(said.contains("set quarkus.http.proxy.trusted-proxies to the addresses of the proxies"), said);
    }

    /** The packaged service outside an image, without a configured host. */
    @Test
    void theManagementPortIsOnLoopbackAndSecretsOfFilesAreNeverShown() throws Exception {
        String key = "canary-key-7b1d";
        String resumption = Base64.getEncoder().encodeToString("canary-resumption-key-of-32-byte".getBytes(UTF_8));
        String secret = "canary-secret-0123456789abcdef0123456789";
        Map<String, String> environment = Map.of(
                "LIVEBRIDGE_GEMINI_API_KEY_FILE", file("key", key),
                "LIVEBRIDGE_RESUMPTION_KEYS_FILE", file("keys", resumption),
                "LIVEBRIDGE_MANAGEMENT_SECRET_FILE", file("secret", secret),
                "LIVEBRIDGE_SERVICE_HOST", "10.0.0.11",
                "LIVEBRIDGE_PORT", "tcp://10.0.0.11:80",
                "LIVEBRIDGE_PORT_9080_TCP_ADDR", "10.0.0.11",
                "QUARKUS_LOG_LEVEL", "DEBUG");
        Vertx vertx = Vertx.vertx();
        Process service = start(environment);
        StringBuilder shown = new StringBuilder();
        try {
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("Listening on"));
            assertTrue(
                    log().contains("Management interface listening on http://127.0.0.1:" + managementPort), this::log);
            try (TestClient client = open(vertx)) {
                client.send("{\"setup\":{}}");
                client.awaitTypes("resumeToken", 1);
            }
            Files.writeString(directory.resolve("keys"), "canary-that-is-no-key");
            for (String path : List.of("metrics", "health", "livebridge/sessions", "livebridge/drain")) {
                RawHttp.Answer answer = RawHttp.send(
                        managementPort,
                        "GET /q/" + path + " HTTP/1.1",
                        "Host: localhost",
                        "Authorization: Bearer " + secret,
                        "Connection: close");
                shown.append(answer.head()).append(answer.body());
            }
            assertEquals(
                    403,
                    RawHttp.send(
                                    managementPort,
                                    "GET /q/metrics HTTP/1.1",
                                    "Host: localhost",
                                    "Origin: https://evil.example")
                            .status());
            assertEquals(
                    421,
                    RawHttp.send(managementPort, "GET /q/metrics HTTP/1.1", "Host: evil.example")
                            .status());
        } finally {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        assertTrue(shown.toString().contains("\"capacity\""), shown::toString);
        for (String canary : List.of("canary-", resumption)) {
            assertFalse(shown.toString().contains(canary), shown::toString);
            assertFalse((log() + output("errors")).contains(canary), this::log);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LIVEBRIDGE_SESION_MAX, canary, There is no setting for LIVEBRIDGE_SESION_MAX: see",
        "LIVEBRIDGE_GEMINI_API_KEY_FILE, /no/such/file, livebridge.gemini.api-key-file: the file /no/such/file does not exist.",
        "LIVEBRIDGE_RESUMPTION_KEYS_FILE, /no/such/file, livebridge.resumption.keys-file: the file /no/such/file does not exist.",
        "LIVEBRIDGE_ACCESS_KEYS_FILE, /no/such/file, livebridge.access.keys-file: the file /no/such/file does not exist.",
        "LIVEBRIDGE_ACCESS_SUBJECT_SALT_FILE, /no/such/file, livebridge.access.subject-salt-file: the file /no/such/file does"
                + " not exist.",
        "LIVEBRIDGE_MANAGEMENT_SECRET_FILE, /no/such/file, livebridge.management.secret-file: the file /no/such/file does not"
                + " exist.",
    })
    void aWrongVariableStopsTheStartWithOneSentence(String variable, String value, String sentence) throws Exception {
        Process service = start(Map.of(variable, value));
        try {
            assertTrue(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on running");
        } finally {
            service.destroyForcibly();
        }

        assertNotEquals(0, service.exitValue());
        String said = log() + output("errors");
        assertTrue(said.contains(sentence), said);
        assertFalse(said.contains("canary"), said);
    }

    /**
     * The profile {@code tls}: PEM files, read again when they change; plain requests are redirected; probes stay
     * plain.
     */
    @Test
    void theServiceServesTlsAndReadsARenewedCertificate() throws Exception {
        SelfSigned first = SelfSigned.create(directory, "first");
        SelfSigned second = SelfSigned.create(directory, "second");
        Path used = Files.createDirectory(directory.resolve("tls"));
        Files.copy(first.certificate(), used.resolve("tls.crt"));
        Files.copy(first.privateKey(), used.resolve("tls.key"));
        int tlsPort = Ports.free();
        Process service = start(Map.of(
                "QUARKUS_PROFILE", "prod,tls",
                "QUARKUS_HTTP_SSL_PORT", String.valueOf(tlsPort),
                "QUARKUS_TLS_WEB_RELOAD_PERIOD", "1s",
                "QUARKUS_TLS_WEB_KEY_STORE_PEM_SERVER_CERT",
                        used.resolve("tls.crt").toString(),
                "QUARKUS_TLS_WEB_KEY_STORE_PEM_SERVER_KEY",
                        used.resolve("tls.key").toString()));
        try {
            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .until(() -> log().contains("Listening on"));
            URI page = URI.create("https://127.0.0.1:" + tlsPort + "/");
            assertEquals(200, status(page, first));
            assertThrows(SSLHandshakeException.class, () -> status(page, second));
            var redirect = RestAssured.given().redirects().follow(false).get(server() + "/");
            assertEquals(301, redirect.statusCode());
            assertEquals(page.toString(), redirect.header("Location"));
            assertEquals(
                    200,
                    RestAssured.get("http://127.0.0.1:" + managementPort + "/q/health/ready")
                            .statusCode());

            Files.copy(second.privateKey(), used.resolve("tls.key"), REPLACE_EXISTING);
            Files.copy(second.certificate(), used.resolve("tls.crt"), REPLACE_EXISTING);

            await().atMost(PATIENCE)
                    .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                    .ignoreException(SSLHandshakeException.class)
                    .until(() -> status(page, second) == 200);
        } finally {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
        }
    }

    @Test
    void aMissingCertificateStopsTheStart() throws Exception {
        Process service = start(Map.of("QUARKUS_PROFILE", "prod,tls"));
        try {
            assertTrue(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it goes on running");
        } finally {
            service.destroyForcibly();
        }

        assertNotEquals(0, service.exitValue());
        assertTrue(log().contains("/etc/livebridge/tls/tls."), this::log);
    }

    /** A connection of its own for each request, so that each sees the certificate of now. */
    private static int status(URI page, SelfSigned trusted) throws Exception {
        KeyStore store = KeyStore.getInstance(trusted.trustStore().toFile(), SelfSigned.PASSWORD.toCharArray());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text + "\n").toString();
    }

    private URI server() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A page of the service itself. */
    private TestClient open(Vertx vertx) {
        return TestClient.open(vertx, server(), "/live", Map.of("Origin", server().toString()));
    }

    private Process start(String... properties) throws IOException {
        return start(Map.of(), properties);
    }

    private Process start(Map<String, String> environment, String... properties) throws IOException {
        List<String> command = new ArrayList<>();
        Path executable = Path.of(System.getProperty("native.image.path", "none"));
        boolean isNative = Files.isExecutable(executable);
        command.add(isNative ? executable.toString() : System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of(
                "-Dlivebridge.upstream.backend=simulator",
                "-Dlivebridge.access.mode=open",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=" + managementPort));
        // The last of two counts.
        command.addAll(List.of(properties));
        if (!isNative) {
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        // Standard error is the JVM's own, not the log.
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("log").toFile())
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String log() {
        return output("log");
    }

    private String output(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
