package dev.livebridge.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.AwaitilityDefaults;
import dev.livebridge.SelfSigned;
import dev.livebridge.proxies.Ports;
import dev.livebridge.proxies.Program;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Google's SDKs, unmodified, with API keys of ours, over an address that is not loopback: only the key admits them. The
 * packaged command makes the keys; the service listens for TLS as well.
 */
class OfficialSdkKeysIT {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final String REFUSED = "API key not valid. Please pass a valid API key.";
    private static final Path JAVA_SDK = Path.of("target", "java-sdk.classpath");

    @TempDir
    static Path directory;

    private static String host = "";
    private static int port;
    private static int tlsPort;
    private static String key = "";
    private static String revokedKey = "";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static SelfSigned certificate;

    private static @Nullable Program service;

    @BeforeAll
    static void start() throws Exception {
        Optional<String> address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
        if (address.isEmpty()) {
            System.out.println(
                    "[WARNING] SDKS WITH API KEYS ARE NOT TESTED: this machine has no address but loopback.");
        }
        assumeTrue(address.isPresent());
        host = address.get();
        port = Ports.free(host);
        tlsPort = Ports.free(host);
        certificate = SelfSigned.create(directory, "service", host);
        key = keys("make", "--id", "sdk", "--roles", "talk,mint");
        revokedKey = keys("make", "--id", "former", "--roles", "talk");
        Program started = Program.start(
                directory.resolve("log"),
                Map.of(
                        "QUARKUS_PROFILE",
                        "prod,tls",
                        "QUARKUS_TLS_WEB_KEY_STORE_PEM_SERVER_CERT",
                        certificate.certificate().toString(),
                        "QUARKUS_TLS_WEB_KEY_STORE_PEM_SERVER_KEY",
                        certificate.privateKey().toString(),
                        "QUARKUS_HTTP_INSECURE_REQUESTS",
                        "enabled"),
                command(List.of(
                        "-Dlivebridge.upstream.backend=simulator",
                        "-Dlivebridge.access.mode=required",
                        "-Dquarkus.http.access-log.enabled=true",
                        "-Dlivebridge.access.keys-file=" + keyFile(),
                        "-Dquarkus.http.host=" + host,
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.http.ssl-port=" + tlsPort,
                        "-Dquarkus.management.port=0")));
        service = started;
        await().atMost(START_TIMEOUT)
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> {
                    assertTrue(started.isAlive(), started::output);
                    return started.output().contains("Listening on");
                });
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"@google/genai, http", "@google/genai, https", "google-genai-2, https"})
    void theJavaScriptSdkTalksWithAKeyOfOurs(String sdk, String scheme) throws Exception {
        Ended talk = javaScript(sdk, scheme, key);

        assertEquals(0, talk.status(), talk::output);
        assertTheConversation(result(talk));
        assertFalse(Files.readString(directory.resolve("log")).contains(key), "the key is in the log");
    }

    /** Tokens in all forms of a lock, conversations with them, and the models in pages. */
    @ParameterizedTest
    @CsvSource({"@google/genai, https", "google-genai-2, http"})
    void theJavaScriptSdkCreatesTokensAndListsModels(String sdk, String scheme) throws Exception {
        Ended ended = javaScript("tokens.mjs", sdk, scheme, key);

        assertEquals(0, ended.status(), ended::output);
        JsonNode result = result(ended);
        assertEquals(
                "{\"nothing\":\"speech\",\"everything\":\"echo\",\"set\":\"echo\",\"fields\":\"echo\"}",
                result.path("answers").toString());
        assertTrue(result.path("refused").asText().contains("Token has been used too many times"), ended::output);
        assertTrue(result.path("pages").asInt() > 1, ended::output);
        assertEquals("models/gemini-3.8-live", result.at("/models/0").asText());
        assertEquals("Gemini 3.8 Live", result.path("one").asText());
        String log = Files.readString(directory.resolve("log"));
        assertTrue(log.contains("/v1"), "the access log is on");
        assertFalse(log.contains("auth_tokens/"), "a token is in the log");
    }

    /**
     * This SDK speaks TLS even if its base URL begins with {@code http:}; it is a process with a class path of its own.
     */
    @Test
    void theJavaSdkTalksWithAKeyOfOurs() throws Exception {
        Ended classPath = run(
                Map.of(),
                List.of(
                        Path.of("mvnw").toAbsolutePath().toString(),
                        "-B",
                        "-q",
                        "-f",
                        "src/test/sdk/java/pom.xml",
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=" + JAVA_SDK.toAbsolutePath()));
        assertEquals(0, classPath.status(), classPath::output);

        Ended talk = run(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djavax.net.ssl.trustStore=" + certificate.trustStore(),
                        "-Djavax.net.ssl.trustStorePassword=" + SelfSigned.PASSWORD,
                        "-cp",
                        Files.readString(JAVA_SDK),
                        "src/test/sdk/java/Talk.java",
                        "http://" + host + ":" + tlsPort,
                        key));

        assertEquals(0, talk.status(), talk::output);
        JsonNode result = result(talk);
        assertTheConversation(result);
        assertEquals("get_weather", result.path("called").asText());
        assertFalse(Files.readString(directory.resolve("log")).contains(key), "the key is in the log");
    }

    @Test
    void aWrongKeyIsRefusedInTheServicesWords() throws Exception {
        Ended talk = javaScript("@google/genai", "https", "AI" + "za" + "A".repeat(35));

        assertNotEquals(0, talk.status(), talk::output);
        assertTrue(talk.output().contains(REFUSED), talk::output);
    }

    @Test
    void aRevokedKeyIsRefusedWithoutARestart() throws Exception {
        keys("revoke", "--id", "former");

        await().atMost(START_TIMEOUT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() ->
                        javaScript("@google/genai", "http", revokedKey).output().contains(REFUSED));
    }

    private static void assertTheConversation(JsonNode result) {
        JsonNode answers = result.path("answers");
        assertEquals("You are very welcome.", answers.path(0).asText(), result::toString);
        assertTrue(answers.path(1).asText().startsWith("You said: (your voice, 0.5 s)"), result::toString);
        assertTrue(answers.path(2).asText().endsWith("Thank you. The function has answered."), result::toString);
        assertEquals("Your name is Ada.", answers.path(4).asText(), result::toString);
        assertEquals("(0.5 seconds of speech)", result.path("heard").asText(), result::toString);
        assertTrue(result.path("audioBytes").asInt() > 48_000, result::toString);
    }

    private static JsonNode result(Ended talk) throws IOException {
        return new ObjectMapper()
                .readTree(talk.output()
                        .lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(talk.output())));
    }

    private static Ended javaScript(String sdk, String scheme, String apiKey) throws Exception {
        return javaScript("talk.mjs", sdk, scheme, apiKey);
    }

    private static Ended javaScript(String program, String sdk, String scheme, String apiKey) throws Exception {
        boolean installed = Files.exists(Path.of("node_modules", sdk, "package.json"));
        if (!installed) {
            System.out.println("[WARNING] THE OFFICIAL SDK IS NOT TESTED: it is installed with the JavaScript checks.");
        }
        assertTrue(installed || !Boolean.getBoolean("node.required"), "the official SDK is not installed");
        assumeTrue(installed);
        String address = scheme + "://" + host + ":" + (scheme.equals("https") ? tlsPort : port);
        return run(
                Map.of("NODE_EXTRA_CA_CERTS", certificate.certificate().toString()),
                List.of("node", "src/test/sdk/" + program, address, sdk, apiKey));
    }

    private static Path keyFile() {
        return directory.resolve("keys");
    }

    private static String keys(String... arguments) throws IOException, InterruptedException {
        List<String> command = command(List.of());
        command.add("keys");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--file", keyFile().toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertEquals(0, process.waitFor(), () -> "keys " + arguments[0]);
        return out;
    }

    private static List<String> command(List<String> properties) {
        Path executable = Path.of(System.getProperty("native.image.path", "none"));
        boolean isNative = Files.isExecutable(executable);
        List<String> command = new ArrayList<>();
        command.add(isNative ? executable.toString() : System.getProperty("java.home") + "/bin/java");
        command.addAll(properties);
        if (!isNative) {
            command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        }
        return command;
    }

    private record Ended(int status, String output) {}

    private static Ended run(Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
