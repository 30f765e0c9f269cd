package dev.livebridge.simulator;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sentences that are shipped. */
class RecordingsTest {

    /** Samples of you-said.wav as {@code sox you-said.wav -t s16 -} writes them, across the edge of a block. */
    private static final short[] EXPECTED = {
        1478, -1431, 1971, 8833, 11774, 10883, 5210, 1527, 2196, 6456, 6778, 5700, 6680, 5789, 4979, 5715, 1028, -6886,
        -10121, -1296, 7009, 3774, -5051, -8610
    };

    private static final int STARTING_AT = 1000;
    /** As its header says; sox reads on to the end of the last block. */
    private static final int SAMPLE_COUNT = 9554;

    @Test
    void everySentenceOfTheIndexIsAudible() throws IOException {
        // Given
        Recordings recordings = new Recordings();

        // When
        int bytes = 0;
        for (JsonNode entry : index()) {
            Speech spoken = recordings.get(entry.path("id").asText());
            bytes += resource(entry.path("file").asText()).length;

            // Then
            assertFalse(spoken.transcript().isBlank());
            double loudness = loudness(spoken.samples());
            assertTrue(loudness > 1_000 && loudness < 10_000, entry + " has loudness " + loudness);
            int edge = 240;
            assertTrue(Math.abs(spoken.samples()[spoken.samples().length - edge]) < 1_500, entry + " ends abruptly");
        }
        assertTrue(bytes < 700_000, bytes + " bytes");
    }

    @Test
    void theStoryIsLongEnoughToInterrupt() {
        assertTrue(new Recordings().get("story").samples().length > 10 * Resampler.MODEL_RATE);
    }

    @Test
    void theLineBreaksOfATranscriptArriveWithItsWords() {
        // Given
        Speech table = new Recordings().get("table");

        // When
        String arrived =
                SpeechChunk.of(List.of(table)).stream().map(SpeechChunk::words).collect(Collectors.joining());

        // Then
        assertEquals(table.transcript(), arrived);
        assertTrue(arrived.contains("\n| --- |"), arrived);
    }

    @ParameterizedTest
    @CsvSource({
        "Tell me a story, story",
        "Erzähl mir eine Geschichte, story",
        "Show me a table and some code, table",
        "Zeig mir eine Tabelle und etwas Code, table",
        "Who are you?, who",
        "Wer bist du?, who",
        "What time is it?, time",
        "Wie spät ist es?, time",
        "Hallo!, greeting"
    })
    void theQuestionsThatThePageSuggestsHaveAnswers(String question, String recording) {
        // Given
        Recordings recordings = new Recordings();

        // When
        List<Speech> answer = new Answers(recordings, Clock.systemUTC()).toText(question, new History());

        // Then
        assertEquals(recordings.get(recording).transcript(), answer.getFirst().transcript());
    }

    @Test
    void decodesWhatSoxDecodes() throws IOException {
        // When
        short[] decoded = Adpcm.decode(resource("you-said.wav"));

        // Then
        assertEquals(SAMPLE_COUNT, decoded.length);
        for (int i = 0; i < EXPECTED.length; i++) {
            assertEquals(EXPECTED[i], decoded[STARTING_AT + i], "sample " + i);
        }
    }

    private static JsonNode index() throws IOException {
        return new ObjectMapper().readTree(resource("recordings.json")).path("recordings");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = requireNonNull(Recordings.class.getResourceAsStream("/simulator/" + name))) {
            return in.readAllBytes();
        }
    }

    private static double loudness(short[] samples) {
        double sum = 0;
        for (short sample : samples) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }
}
