package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.SelfSigned;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Google's SDK for Java, unmodified, in a process of its own: it brings other versions of what the service uses. It
 * speaks TLS whatever its base URL says, so the service listens for TLS here.
 */
@QuarkusTest
@Tag("slow")
@WithTestResource(TlsListener.class)
class OfficialJavaSdkTest {

    private static final long LIMIT_SECONDS = 180;
    private static final Path CLASS_PATH = Path.of("target", "java-sdk.classpath");

    @TestHTTPResource(value = "/", tls = true)
    URI server;

    @SuppressWarnings("NullAway.Init") // set by the resource itself
    TlsListener listener;

    @Test
    void talksThroughTheGateway() throws IOException, InterruptedException {
        // Given
        run(List.of(
                Path.of("mvnw").toAbsolutePath().toString(),
                "-B",
                "-q",
                "-f",
                "src/test/sdk/java/pom.xml",
                "dependency:build-classpath",
                "-Dmdep.outputFile=" + CLASS_PATH.toAbsolutePath()));

        // When
        String output = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djavax.net.ssl.trustStore=" + listener.trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + SelfSigned.PASSWORD,
                "-cp",
                Files.readString(CLASS_PATH),
                "src/test/sdk/java/Talk.java",
                "https://127.0.0.1:" + server.getPort()));

        // Then
        JsonNode result = new ObjectMapper()
                .readTree(output.lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElse(""));
        assertEquals("You are very welcome.", result.at("/answers/0").asText(), output);
        assertEquals(
                "You said: (0.5 seconds of speech)", result.at("/answers/1").asText(), output);
        assertTrue(result.at("/answers/2").asText().endsWith("Thank you. The function has answered."), output);
        assertEquals("Your name is Ada.", result.at("/answers/4").asText(), output);
        assertEquals("(0.5 seconds of speech)", result.path("heard").asText(), output);
        assertEquals("get_weather", result.path("called").asText(), output);
        assertTrue(result.path("audioBytes").asInt() > 48_000, output);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
