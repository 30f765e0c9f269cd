package dev.livebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Google's SDK for JavaScript, unmodified, with our base URL. Those for Python and Java insist on TLS; what they were
 * recorded to send is replayed in unit tests.
 */
@QuarkusIntegrationTest
class OfficialSdkIT {

    private static final Path SDK = Path.of("node_modules", "@google", "genai", "package.json");

    @TestHTTPResource("/")
    URI server;

    @Test
    void talksThroughTheGateway() throws IOException, InterruptedException {
        // Given
        boolean installed = Files.exists(SDK);
        if (!installed) {
            System.out.println("[WARNING] THE OFFICIAL SDK IS NOT TESTED: it is installed with the JavaScript checks.");
        }
        assertTrue(installed || !Boolean.getBoolean("node.required"), "the official SDK is not installed");
        assumeTrue(installed);

        // When
        Process talk = new ProcessBuilder("node", "src/test/sdk/talk.mjs", "http://127.0.0.1:" + server.getPort())
                .redirectErrorStream(true)
                .start();
        String output = new String(talk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertEquals(0, talk.waitFor(), output);
        JsonNode heard =
                new ObjectMapper().readTree(output.lines().reduce((a, b) -> b).orElse(""));
        assertTrue(heard.get("ready").asBoolean(), output);
        assertTrue(heard.get("text").asText().startsWith("You are very welcome."), output);
        assertEquals("audio/pcm;rate=24000", heard.get("mimeType").asText());
        assertTrue(heard.get("audioBytes").asInt() > 48_000, output);
        assertEquals(2, heard.get("turns").asInt());
    }
}
