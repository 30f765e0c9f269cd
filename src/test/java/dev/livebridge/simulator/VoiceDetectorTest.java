package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Speech is found on the clock of the audio: gemini-live-api.md section 7.3. */
class VoiceDetectorTest implements VoiceDetector.Listener {

    private final List<String> events = new ArrayList<>();
    private short[] utterance = {};

    @Override
    public void speechStarted(long offsetMs) {
        events.add("start " + offsetMs);
    }

    @Override
    public void speechEnded(long offsetMs, short[] said) {
        events.add("end " + offsetMs);
        utterance = said;
    }

    @Test
    void findsSpeechAndItsEnd() throws IOException {
        // Given
        VoiceDetector detector = detector("{}");

        // When
        detector.accept(sound(0, 1_000));
        detector.accept(sound(3_000, 500));
        detector.accept(sound(0, 780));
        List<String> before = List.copyOf(events);
        detector.accept(sound(0, 20));

        // Then
        assertEquals(List.of("start 1000"), before);
        assertEquals(List.of("start 1000", "end 1500"), events);
        assertEquals(700, utterance.length / 24.0, 20, "the speech and 200 ms before it");
    }

    @Test
    void bridgesPausesShorterThanTheSilenceThatEndsATurn() throws IOException {
        // Given
        VoiceDetector detector = detector("{\"silenceDurationMs\":500}");

        // When
        for (int i = 0; i < 4; i++) {
            detector.accept(sound(3_000, 300));
            detector.accept(sound(0, 400));
        }
        detector.accept(sound(0, 100));

        // Then
        assertEquals(List.of("start 0", "end 2400"), events);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"startOfSpeechSensitivity":"START_SENSITIVITY_HIGH"} | 1000 | 100 | true
                    {"startOfSpeechSensitivity":"START_SENSITIVITY_LOW"}  | 1000 | 500 | false
                    {"startOfSpeechSensitivity":"START_SENSITIVITY_LOW"}  | 5000 | 200 | true
                    {}                                                    | 5000 | 80  | false
                    {"prefixPaddingMs":300}                               | 5000 | 280 | false
                    {"prefixPaddingMs":300}                               | 5000 | 300 | true
                    """)
    void isAsSensitiveAsAsked(String settings, int loudness, int ms, boolean heard) throws IOException {
        // Given
        VoiceDetector detector = detector(settings);

        // When
        detector.accept(sound(loudness, ms));

        // Then
        assertEquals(heard, detector.speaking());
    }

    @Test
    void flushesWhatWasBegun() throws IOException {
        // Given
        VoiceDetector detector = detector("{}");
        detector.accept(sound(3_000, 400));

        // When
        detector.flush();
        detector.flush();

        // Then
        assertEquals(List.of("start 0", "end 400"), events);
        assertTrue(utterance.length > 0);
    }

    private VoiceDetector detector(String settings) throws IOException {
        JsonNode detection = new ObjectMapper().readTree(settings);
        return new VoiceDetector(VoiceSettings.of(detection), this);
    }

    /** A square wave, whose loudness is its height. */
    private static short[] sound(int height, int ms) {
        short[] samples = new short[24 * ms];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (i / 40 % 2 == 0 ? height : -height);
        }
        return samples;
    }
}
