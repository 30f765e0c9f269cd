package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the Gemini Live API, pointed at the gateway instead. */
@QuarkusTest
class GeminiClientTest extends BridgeFixture {

    private static final String PATH = "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PATH,
                "/" + PATH,
                PATH + "?key=whatever",
                "/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContentConstrained",
                "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent",
                "//ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContent?key=whatever",
                "/ws/google.ai.generativelanguage.v1.GenerativeService.BidiGenerateContentConstrained",
            })
    void getAnAnswerOnEveryPath(String path) {
        // Given
        try (TestClient client = TestClient.open(vertx, server, path)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"generationConfig\":"
                    + "{\"responseModalities\":[\"AUDIO\"]},\"outputAudioTranscription\":{}}}");
            client.awaitMessage("setupComplete");

            // When
            client.send("{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"thanks\"}]}],"
                    + "\"turnComplete\":true}}");

            // Then
            client.awaitMessage(
                    message -> message.at("/serverContent/turnComplete").asBoolean());
            assertEquals(
                    "setupComplete", client.received().getFirst().fieldNames().next());
            assertEquals("You are very welcome.", transcript(client.received()));
            assertTrue(client.received().stream()
                    .anyMatch(message -> message.at("/serverContent/modelTurn/parts/0/inlineData/mimeType")
                            .asText()
                            .equals("audio/pcm;rate=24000")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ws/google.ai.generativelanguage.v1beta1.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent",
                "/ws/google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent",
            })
    void getA404ElsewhereAsAtTheService(String path) {
        CompletionException refused =
                assertThrows(CompletionException.class, () -> TestClient.open(vertx, server, path));

        assertEquals(404, ((UpgradeRejectedException) refused.getCause()).getStatus());
    }

    @ParameterizedTest
    @ValueSource(ints = {1_200_000, 4_000_000})
    void maySendAPhotoInline(int bytes) {
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"outputAudioTranscription\":{}}}");
            client.awaitMessage("setupComplete");

            client.send("{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":"
                    + "\"image/jpeg\",\"data\":\"" + "A".repeat(bytes / 3 * 4) + "\"}},{\"text\":\"thanks\"}]}],"
                    + "\"turnComplete\":true}}");

            client.awaitMessage(
                    message -> message.at("/serverContent/turnComplete").asBoolean());
        }
    }

    @Test
    void isToldTheLimitOfAMessage() {
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}");
            client.awaitMessage("setupComplete");

            client.send("{\"realtimeInput\":{\"text\":\"" + "a".repeat(8_388_608) + "\"}}");

            client.awaitClosed();
            assertEquals((short) 1009, client.closeCode());
            assertEquals("A message is too big; the limit is 8388608 bytes.", client.closeReason());
        }
    }

    @Test
    void mustBeginWithASetup() {
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"realtimeInput\":{\"text\":\"hello\"}}");

            client.awaitClosed();
            assertEquals((short) 1007, client.closeCode());
            assertEquals("setup must be the first message and only the first", client.closeReason());
        }
    }

    @Test
    void mayCutSoundInTheMiddleOfASample() {
        // Given
        byte[] sound = new byte[4 * 1_025];
        new Random(14).nextBytes(sound);
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\",\"systemInstruction\":{\"parts\":[{\"text\":"
                    + "\"livebridge-simulator: echo\"}]}}}");
            client.awaitMessage("setupComplete");

            // When
            for (int from = 0; from < sound.length; from += 1_025) {
                client.send("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\""
                        + Base64.getEncoder().encodeToString(Arrays.copyOfRange(sound, from, from + 1_025))
                        + "\"}}}");
            }

            // Then
            await().untilAsserted(() -> assertArrayEquals(sound, echo(client.received())));
            assertFalse(client.closed());
        }
    }

    private static byte[] echo(List<JsonNode> messages) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        for (JsonNode message : messages) {
            heard.writeBytes(Base64.getDecoder()
                    .decode(message.at("/serverContent/modelTurn/parts/0/inlineData/data")
                            .asText()));
        }
        return heard.toByteArray();
    }

    @Test
    void areClosedOverWhatCantBeUnderstood() {
        // Given
        try (TestClient client = TestClient.open(vertx, server, PATH)) {
            client.send("{\"setup\":{\"model\":\"models/gemini-3.8-live\"}}");
            client.awaitMessage("setupComplete");

            // When
            client.send("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\"%%%\"}}}");

            // Then
            client.awaitClosed();
            assertEquals((short) 1007, client.closeCode());
            assertEquals(
                    List.of("setupComplete"),
                    client.received().stream()
                            .map(message -> message.fieldNames().next())
                            .filter(name -> !name.equals("sessionResumptionUpdate"))
                            .toList());
        }
    }

    private static String transcript(List<JsonNode> messages) {
        return String.join(
                "",
                messages.stream()
                        .flatMap(message -> StreamSupport.stream(
                                message.at("/serverContent/outputTranscription").spliterator(), false))
                        .map(JsonNode::asText)
                        .toList());
    }
}
