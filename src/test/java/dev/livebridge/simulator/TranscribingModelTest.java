package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The one model that answers in text. */
class TranscribingModelTest extends SimulatorFixture {

    @Test
    void writesDownAndSaysNothing() {
        try (LiveClient client = ready(
                "models/gemini-3.5-transcribe-live", ",\"generationConfig\":{\"responseModalities\":[\"TEXT\"]}")) {
            // When
            client.text("thanks").speak(tone(600)).speak(silence(1_000));

            // Then
            client.awaitMessage("/serverContent/inputTranscription");
            client.awaitMessage("/serverContent/generationComplete");
            assertTrue(client.having("/serverContent/modelTurn").isEmpty());
        }
    }
}
