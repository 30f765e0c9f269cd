package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Google's SDK for JavaScript, unmodified, with our base URL and its own default of everything else: {@code v1} since
 * version 3, {@code v1beta} before. What those for Python and Java were recorded to send is replayed in unit tests.
 */
abstract class OfficialSdkConversation {

    @TestHTTPResource("/")
    URI server;

    @ParameterizedTest
    @CsvSource({"@google/genai, 3.3.0", "google-genai-2, 2.32.0"})
    void talksThroughTheGateway(String name, String version) throws IOException, InterruptedException {
        // Given
        Path sdk = Path.of("node_modules").resolve(name).resolve("package.json");
        boolean installed = Files.exists(sdk);
        if (!installed) {
            System.out.println("[WARNING] THE OFFICIAL SDK IS NOT TESTED: it is installed with the JavaScript checks.");
        }
        assertTrue(installed || !Boolean.getBoolean("node.required"), "the official SDK is not installed");
        assumeTrue(installed);
        assertEquals(
                version,
                new ObjectMapper()
                        .readTree(Files.readString(sdk))
                        .path("version")
                        .asText());

        // When
        Process talk = new ProcessBuilder("node", "src/test/sdk/talk.mjs", "http://127.0.0.1:" + server.getPort(), name)
                .redirectErrorStream(true)
                .start();
        String output = new String(talk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertEquals(0, talk.waitFor(), output);
        JsonNode result =
                new ObjectMapper().readTree(output.lines().reduce((a, b) -> b).orElse(""));
        assertEquals(2, result.get("ready").asInt(), output);
        assertEquals("audio/pcm;rate=24000", result.get("mimeType").asText());
        assertTrue(result.get("audioBytes").asInt() > 48_000, output);
        assertEquals("(0.5 seconds of speech)", result.get("heard").asText());
        assertEquals("get_weather", result.at("/calls/0/name").asText());
        JsonNode answers = result.get("answers");
        assertEquals("You are very welcome.", answers.get(0).asText());
        assertTrue(answers.get(1).asText().startsWith("You said: (your voice, 0.5 s)"), output);
        assertTrue(answers.get(2).asText().endsWith("Thank you. The function has answered."), output);
        assertEquals("Your name is Ada.", answers.get(4).asText());
    }
}
