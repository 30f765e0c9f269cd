package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Turns on the wire: gemini-live-api.md sections 6 and 7. */
class SimulatorTurnsTest extends SimulatorFixture {

    @Override
    Settings settings() {
        return Settings.REAL;
    }

    @Test
    void setupCompleteHasTwentySixBytesInABinaryFrame() {
        try (LiveClient client = open()) {
            // When
            client.ready(LiveClient.LIVE_3_8, "");

            // Then
            LiveClient.Received first = client.messages().getFirst();
            assertEquals(26, first.bytes().length());
            assertEquals("{\n  \"setupComplete\": {}\n}\n", first.bytes().toString());
            assertTrue(client.frames().getFirst().isBinary());
        }
    }

    @Test
    void deliversFasterThanRealTimeAndCompletesAfterPlayback() {
        // Given
        try (LiveClient client = ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{}")) {
            // When
            client.text("who are you?");

            // Then
            LiveClient.Received generated = client.awaitMessage("/serverContent/generationComplete");
            LiveClient.Received complete = client.awaitMessage("/serverContent/turnComplete");
            LiveClient.Received first =
                    client.having("/serverContent/modelTurn").getFirst();
            double seconds = client.audio().length / 48_000.0;
            double delivery = (generated.nanoTime() - first.nanoTime()) / 1e9;
            double turn = (complete.nanoTime() - first.nanoTime()) / 1e9;
            assertTrue(seconds > 4, "a whole sentence, not " + seconds + " s");
            assertEquals(seconds / 3.6, delivery, 0.5);
            assertEquals(seconds, turn, 0.25);
            assertEquals(9_600, bytes(first.json()));
            assertEquals(
                    11_520,
                    bytes(client.having("/serverContent/modelTurn").get(1).json()));
            assertEquals(new Recordings().get("who").transcript(), client.transcript());
            assertEquals(
                    Math.ceil(25 * seconds),
                    complete.json().at("/usageMetadata/responseTokenCount").asInt(),
                    1);
        }
    }

    @Test
    void namesItsSourcesAfterASearch() {
        // Given
        try (LiveClient client =
                ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{},\"tools\":[{\"googleSearch\":{}}]")) {
            // When
            client.text("search for the tallest tower");

            // Then
            JsonNode grounding = client.awaitMessage("/serverContent/groundingMetadata")
                    .json()
                    .at("/serverContent/groundingMetadata");
            assertEquals(
                    "the tallest tower", grounding.at("/webSearchQueries/0").asText());
            assertEquals(
                    "https://example.com/simulated/1",
                    grounding.at("/groundingChunks/0/web/uri").asText());
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals(new Recordings().get("searched").transcript(), client.transcript());
        }
    }

    @Test
    void searchesOnlyWhenItMay() {
        // Given
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.text("search for the tallest tower");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertTrue(client.having("/serverContent/groundingMetadata").isEmpty());
        }
    }

    @Test
    void maySayNothing() {
        // Given
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.text("please say nothing");

            // Then
            LiveClient.Received complete = client.awaitMessage("/serverContent/turnComplete");
            assertEquals(
                    "RESPONSE_REJECTED",
                    complete.json().at("/serverContent/turnCompleteReason").asText());
            assertEquals(0, client.audio().length);
        }
    }

    @Test
    void repeatsTheMicrophoneAudio() {
        // Given
        try (LiveClient client =
                ready(LiveClient.NATIVE_2_5, ",\"inputAudioTranscription\":{},\"outputAudioTranscription\":{}")) {
            // When
            client.speak(silence(200)).speak(tone(600)).speak(silence(1000));

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            byte[] prefix = Pcm.bytes(new Recordings().get("you-said").samples());
            byte[] audio = client.audio();
            assertArrayEquals(prefix, Arrays.copyOf(audio, prefix.length));
            int hint = 2 * new Recordings().get("hint").samples().length;
            double parrot = (audio.length - prefix.length - hint) / 48_000.0;
            assertEquals(0.8, parrot, 0.15, "the tone and the look-back before it");
            assertEquals(
                    "(0.8 seconds of speech)",
                    client.having("/serverContent/inputTranscription")
                            .getFirst()
                            .json()
                            .at("/serverContent/inputTranscription/text")
                            .asText());
        }
    }

    @Test
    void aThoughtComesBeforeTheFirstWordForThoseWhoAskForIt() {
        try (LiveClient client = ready(
                        LiveClient.FLASH_3_1,
                        ",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"],"
                                + "\"thinkingConfig\":{\"thinkingLevel\":\"LOW\",\"includeThoughts\":true}}");
                LiveClient other = ready(
                        LiveClient.FLASH_3_1,
                        ",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"],"
                                + "\"thinkingConfig\":{\"thinkingLevel\":\"LOW\"}}")) {
            // When
            client.text("thanks");
            other.text("thanks");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            JsonNode first =
                    client.having("/serverContent/modelTurn").getFirst().json();
            JsonNode part = first.at("/serverContent/modelTurn/parts/0");
            assertTrue(part.path("thought").asBoolean());
            assertTrue(part.path("text").asText().contains("thanks"), part::toString);
            assertEquals(1, first.at("/serverContent/modelTurn/parts").size());
            JsonNode usage = client.having("/usageMetadata").getFirst().json().path("usageMetadata");
            assertTrue(usage.path("thoughtsTokenCount").asInt() > 0);
            assertEquals(
                    usage.path("totalTokenCount").asInt(),
                    usage.path("promptTokenCount").asInt()
                            + usage.path("responseTokenCount").asInt()
                            + usage.path("thoughtsTokenCount").asInt());
            LiveClient.Received complete = other.awaitMessage("/serverContent/turnComplete");
            assertFalse(complete.has("/usageMetadata/thoughtsTokenCount"));
            assertFalse(other.having("/serverContent/modelTurn")
                    .getFirst()
                    .has("/serverContent/modelTurn/parts/0/thought"));
        }
    }

    @Test
    void theLanguageOfTheSetupIsSpoken() {
        try (LiveClient client = ready(
                LiveClient.NATIVE_2_5,
                ",\"generationConfig\":{\"responseModalities\":[\"AUDIO\"],"
                        + "\"speechConfig\":{\"languageCode\":\"de-DE\"}},\"outputAudioTranscription\":{}")) {
            client.text("thanks");

            client.awaitMessage("/serverContent/turnComplete");
            assertEquals("Gern geschehen.", client.transcript());
        }
    }

    @Test
    void speechCutsTheAnswer() {
        // Given
        try (LiveClient client = ready(LiveClient.NATIVE_2_5, "")) {
            client.send(
                    "{\"clientContent\":{\"turns\":[{\"role\":\"user\",\"parts\":[{\"text\":\"tell me a story\"}]}],"
                            + "\"turnComplete\":true}}");
            client.awaitCount("/serverContent/modelTurn", 3);

            // When
            client.speak(tone(300));

            // Then
            LiveClient.Received interrupted = client.awaitMessage("/serverContent/interrupted");
            LiveClient.Received complete = client.awaitMessage("/serverContent/turnComplete");
            assertTrue(client.having("/serverContent/generationComplete").isEmpty());
            assertTrue(complete.nanoTime() - interrupted.nanoTime() < 200_000_000L);
            int cut = client.messages().indexOf(interrupted);
            assertFalse(client.messages().stream().skip(cut).anyMatch(m -> m.has("/serverContent/modelTurn")));
            assertTrue(complete.has("/usageMetadata/responseTokenCount"));
        }
    }

    @Test
    void inputCutsWhatIsSentButStillPlaying() {
        // Given
        try (LiveClient client = ready(LiveClient.FLASH_3_1, "")) {
            client.text("who are you?");
            client.awaitMessage("/serverContent/generationComplete");

            // When
            client.text("thanks");

            // Then
            client.awaitCount("/serverContent/turnComplete", 2);
            assertEquals(
                    List.of("generationComplete", "interrupted", "turnComplete", "generationComplete", "turnComplete"),
                    flags(client));
        }
    }

    @Test
    void inputCutsAnAnswerThatHasNotBegun() {
        // Given
        try (LiveClient client = ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{}")) {
            // When
            client.text("who are you?").text("thanks");

            // Then
            client.awaitCount("/serverContent/turnComplete", 2);
            assertEquals(List.of("interrupted", "turnComplete", "generationComplete", "turnComplete"), flags(client));
            assertEquals("You are very welcome.", client.transcript());
        }
    }

    @Test
    void echoReturnsEveryChunkUnchanged() {
        // Given
        Random random = new Random(7);
        CRC32 crc = new CRC32();
        try (LiveClient client = ready(
                LiveClient.LIVE_3_8,
                ",\"systemInstruction\":{\"parts\":[{\"text\":\"livebridge-simulator: echo\"}]}")) {
            // When
            for (int i = 0; i < 500; i++) {
                byte[] chunk = new byte[1280];
                random.nextBytes(chunk);
                crc.update(chunk);
                client.send("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm\",\"data\":\""
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(chunk) + "\"}}}");
            }

            // Then
            client.awaitCount("/serverContent/modelTurn", 500);
            CRC32 back = new CRC32();
            back.update(client.audio());
            assertEquals(crc.getValue(), back.getValue());
            ConnectionStatistics seen = simulator.statistics().connections().getFirst();
            assertEquals(new ConnectionStatistics.Audio(500, 640_000, crc.getValue()), seen.audio());
        }
        Awaitility.await().until(() -> simulator.statistics().openConnections() == 0);
        assertEquals(1, simulator.statistics().totalConnections());
    }

    private static List<String> flags(LiveClient client) {
        return client.messages().stream()
                .flatMap(message -> Stream.of("generationComplete", "interrupted", "turnComplete")
                        .filter(flag -> message.has("/serverContent/" + flag)))
                .toList();
    }

    private static int bytes(JsonNode message) {
        return Base64.getDecoder()
                .decode(message.at("/serverContent/modelTurn/parts/0/inlineData/data")
                        .asText())
                .length;
    }
}
