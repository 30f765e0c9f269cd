package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.proxies.Ports;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Google's SDK for JavaScript with an API key of ours, over an address that is not loopback: a caller from elsewhere,
 * whom nothing but the key lets in. The key is made by the packaged command.
 */
class OfficialSdkKeysIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REFUSED = "API key not valid. Please pass a valid API key.";

    @TempDir
    Path directory;

    private String host = "";
    private int port;
    private String key = "";
    private Process service;

    @BeforeEach
    void start() throws Exception {
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
        key = keys("make", "--file", file("keys").toString(), "--id", "sdk", "--roles", "talk");
        List<String> command = command(List.of(
                "-Dlivebridge.upstream.backend=simulator",
                "-Dlivebridge.access.mode=required",
                "-Dlivebridge.access.keys-file=" + file("keys"),
                "-Dquarkus.http.host=" + host,
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.port=0"));
        service = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file("log").toFile())
                .start();
        await().atMost(PATIENCE).until(() -> Files.readString(file("log")).contains("Listening on"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (service != null) {
            service.destroy();
            service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            service.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@google/genai", "google-genai-2"})
    void talksWithAKeyOfOurs(String sdk) throws Exception {
        String output = talk(sdk, key, 0);

        assertEquals(
                "You are very welcome.",
                new ObjectMapper()
                        .readTree(output.lines().reduce((a, b) -> b).orElse(""))
                        .at("/answers/0")
                        .asText(),
                output);
        assertTrue(!Files.readString(file("log")).contains(key), "the key is in the log");
    }

    @Test
    void aWrongKeyIsRefusedInTheServicesWords() throws Exception {
        String output = talk("@google/genai", "AI" + "za" + "A".repeat(35), 1);

        assertTrue(output.contains(REFUSED), output);
    }

    @Test
    void aRevokedKeyIsRefusedWithoutARestart() throws Exception {
        assumeInstalled("@google/genai");
        keys("revoke", "--file", file("keys").toString(), "--id", "sdk");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> run(sdkCommand("@google/genai", key)).output().contains(REFUSED));
    }

    private String talk(String sdk, String apiKey, int expected) throws IOException, InterruptedException {
        assumeInstalled(sdk);
        Ended talk = run(sdkCommand(sdk, apiKey));
        if (expected == 0) {
            assertEquals(0, talk.status(), talk::output);
        } else {
            assertNotEquals(0, talk.status(), talk::output);
        }
        return talk.output();
    }

    private static void assumeInstalled(String sdk) {
        boolean installed = Files.exists(Path.of("node_modules", sdk, "package.json"));
        if (!installed) {
            System.out.println("[WARNING] THE OFFICIAL SDK IS NOT TESTED: it is installed with the JavaScript checks.");
        }
        assertTrue(installed || !Boolean.getBoolean("node.required"), "the official SDK is not installed");
        assumeTrue(installed);
    }

    private List<String> sdkCommand(String sdk, String apiKey) {
        return List.of("node", "src/test/sdk/talk.mjs", "http://" + host + ":" + port, sdk, apiKey);
    }

    private String keys(String... arguments) throws IOException, InterruptedException {
        List<String> command = command(List.of());
        command.add("keys");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(file("errors").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), () -> "keys " + arguments[0]);
        return out;
    }

    private record Ended(int status, String output) {}

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
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

    private Path file(String name) {
        return directory.resolve(name);
    }
}
