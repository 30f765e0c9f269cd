package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a running session takes and refuses: gemini-live-api.md sections 4 and 7. */
class SessionRulesTest extends SimulatorFixture {

    private static final String MANUAL =
            ",\"realtimeInputConfig\":{\"automaticActivityDetection\":{\"disabled\":true}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"setup":{"model":"models/gemini-3.8-live"}} | setup must be the first message and only the first
                    {"realtimeInput":{"activityStart":{}}} | Explicit activity control is not supported when automatic activity detection is enabled.
                    {"realtimeInput":{"activityEnd":{}}} | Explicit activity control is not supported when automatic activity detection is enabled.
                    {"realtimeInput":{"mediaChunks":[{"mimeType":"audio/pcm","data":""}]}} | realtime_input.media_chunks is deprecated. Use audio, video, or text instead.
                    {"realtime_input":{"audio":{"mime_type":"audio/opus","data":"AAAA"}}} | Request contains an invalid argument.
                    {"realtime_input":{"audio":{"mime_type":"audio/pcm","data":"AAAA"}}} | Request contains an invalid argument.
                    {"realtime_input":{"video":{"mime_type":"image/webp","data":"AAAA"}}} | Request contains an invalid argument.
                    {"clientContent":{"turns":[{"role":"nobody","parts":[{"text":"a"}]}]}} | Request contains an invalid argument.
                    {"realtimeInput":{"noise":1}} | Invalid JSON payload received. Unknown name "noise" at 'realtime_input': Cannot find field.
                    """)
    void refusesAMessage(String message, String reason) {
        // Given
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.send(message);

            // Then
            assertEquals(new LiveClient.Ending(1007, reason), client.awaitEnding());
        }
    }

    @Test
    void endsTheStreamOnlyWhenItListensItself() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, MANUAL)) {
            // When
            client.send("{\"realtimeInput\":{\"audioStreamEnd\":true}}");

            // Then
            assertEquals(1007, client.awaitEnding().code());
        }
    }

    @Test
    void takesClientContentOnlyAsHistoryOn31() {
        try (LiveClient seeded = ready(
                        LiveClient.FLASH_3_1,
                        ",\"historyConfig\":{\"initialHistoryInClientContent\":true}"
                                + ",\"outputAudioTranscription\":{}");
                LiveClient plain = ready(LiveClient.FLASH_3_1, "")) {
            // When
            String history = "{\"clientContent\":{\"turns\":[{\"parts\":[{\"text\":\"my name is Ada\"}]},"
                    + "{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}]}],\"turnComplete\":true}}";
            seeded.send(history).text("what is my name?");
            plain.send(history);

            // Then
            seeded.awaitMessage("/serverContent/turnComplete");
            assertEquals("Your name is Ada.", seeded.transcript());
            assertEquals(1, seeded.having("/serverContent/turnComplete").size());
            assertEquals(1007, plain.awaitEnding().code());
        }
    }

    @Test
    void understandsBinaryFramesAndMessagesBeforeItIsReady() {
        try (LiveClient client = open()) {
            // When
            client.sendBinary("{\"setup\":{\"model\":\"gemini-3.8-live\",\"outputAudioTranscription\":{}}}")
                    .sendBinary("{\"realtimeInput\":{\"text\":\"thank you\"}}");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertTrue(client.messages().getFirst().has("/setupComplete"));
            assertEquals("You are very welcome.", client.transcript());
        }
    }

    @Test
    void answersBetweenManualActivityMessages() {
        try (LiveClient client = ready(LiveClient.FLASH_3_1, MANUAL + ",\"inputAudioTranscription\":{}")) {
            // When
            client.speak(tone(500))
                    .send("{\"realtimeInput\":{\"activityStart\":{}}}")
                    .speak(tone(1000))
                    .send("{\"realtimeInput\":{\"activityEnd\":{}}}");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals(
                    "(1.0 seconds of speech)",
                    client.having("/serverContent/inputTranscription")
                            .getFirst()
                            .json()
                            .at("/serverContent/inputTranscription/text")
                            .asText());
            assertEquals(
                    List.of("ACTIVITY_START 0.500s", "ACTIVITY_END 1.500s"),
                    client.having("/voiceActivity").stream()
                            .map(m -> m.json().at("/voiceActivity/type").asText() + " "
                                    + m.json().at("/voiceActivity/audioOffset").asText())
                            .toList());
        }
    }

    @Test
    void answersAtTheEndOfTheStreamWithoutWaitingForSilence() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.speak(tone(600)).send("{\"realtimeInput\":{\"audioStreamEnd\":true}}");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
        }
    }

    @Test
    void waitsForItsAnswerWhenItMayNotBeInterrupted() {
        try (LiveClient client =
                ready(LiveClient.NATIVE_2_5, ",\"realtimeInputConfig\":{\"activityHandling\":\"NO_INTERRUPTION\"}")) {
            // Given
            client.text("who are you");
            client.awaitMessage("/serverContent/modelTurn");

            // When
            client.speak(tone(600)).speak(silence(1000));

            // Then
            client.awaitCount("/serverContent/turnComplete", 2);
            assertTrue(client.having("/serverContent/interrupted").isEmpty());
            assertEquals(2, client.having("/serverContent/generationComplete").size());
        }
    }

    @Test
    void looksAtPictures() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{}")) {
            // When
            byte[] jpeg =
                    HexFormat.of().parseHex("ffd8ffe000104a46494600010100000100010000ffc0000b080030004001011100ffd9");
            client.send("{\"realtimeInput\":{\"video\":{\"mimeType\":\"image/jpeg\",\"data\":\""
                            + Base64.getEncoder().encodeToString(jpeg) + "\"}}}")
                    .text("what do you see?");

            // Then
            client.awaitMessage("/serverContent/turnComplete");
            assertEquals(
                    "I received your picture. Its size in pixels is 64 by 48. It is wider than high.",
                    client.transcript());
            Awaitility.await()
                    .until(() -> simulator
                            .statistics()
                            .connections()
                            .getLast()
                            .lastPicture()
                            .isPresent());
            Picture seen =
                    simulator.statistics().connections().getLast().lastPicture().orElseThrow();
            assertEquals(new Picture("image/jpeg", jpeg.length, true, 64, 48), seen);
        }
    }

    @Test
    void countsTheWholeHistoryInEveryPrompt() {
        try (LiveClient client = ready(LiveClient.LIVE_3_8, "")) {
            // When
            client.text("thanks");
            client.awaitCount("/serverContent/turnComplete", 1);
            client.text("thanks");
            client.awaitCount("/serverContent/turnComplete", 2);

            // Then
            List<LiveClient.Received> usages = client.having("/usageMetadata");
            int firstPrompt =
                    usages.get(0).json().at("/usageMetadata/promptTokenCount").asInt();
            int firstResponse =
                    usages.get(0).json().at("/usageMetadata/responseTokenCount").asInt();
            int secondPrompt =
                    usages.get(1).json().at("/usageMetadata/promptTokenCount").asInt();
            assertEquals(2, firstPrompt);
            assertEquals(firstPrompt + firstResponse + 2, secondPrompt);
        }
    }

    @Test
    void separatesAudioFromItsWordsOn25AndBundlesThemOn38() {
        try (LiveClient older = ready(LiveClient.NATIVE_2_5, ",\"outputAudioTranscription\":{}");
                LiveClient newer = ready(LiveClient.LIVE_3_8, ",\"outputAudioTranscription\":{}")) {
            // When
            older.text("thanks");
            newer.text("thanks");

            // Then
            older.awaitMessage("/serverContent/turnComplete");
            newer.awaitMessage("/serverContent/turnComplete");
            assertFalse(older.having("/serverContent/modelTurn").stream()
                    .anyMatch(message -> message.has("/serverContent/outputTranscription")));
            assertTrue(newer.having("/serverContent/outputTranscription").stream()
                    .allMatch(message -> message.has("/serverContent/modelTurn")));
        }
    }

    @Test
    void closesTheSocketItsClientClosed() {
        // Given
        LiveClient client = ready(LiveClient.LIVE_3_8, "");
        client.text("tell me a story");
        client.awaitMessage("/serverContent/modelTurn");

        // When
        client.close();

        // Then
        Awaitility.await().until(() -> simulator.statistics().openConnections() == 0);
        assertTrue(simulator.statistics().connections().getLast().ending().isPresent());
    }
}
