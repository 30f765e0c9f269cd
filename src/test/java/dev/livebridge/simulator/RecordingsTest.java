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
        5808, 4148, 5657, 3370, -372, -875, 497, -1581, -5739, -5186, -3187, -3988, -5590, -3244, -2308, -3160, -4451,
        -931, 4604, 3868, 4537, 8797, 6030, 2508
    };

    private static final int STARTING_AT = 1000;
    /** As its header says; sox reads on to the end of the last block. */
    private static final int SAMPLE_COUNT = 5516;

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
        assertTrue(bytes < 1_572_864, bytes + " bytes");
        assertTrue(recordings.decodedSamples() <= 2_000_000, "four megabytes are kept");
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
        "Erzähl mir eine Geschichte, de-story",
        "Show me a table and some code, table",
        "Zeig mir eine Tabelle und etwas Code, de-table",
        "Who are you?, who",
        "Wer bist du?, de-who",
        "What time is it?, time",
        "Wie spät ist es?, de-time",
        "Hallo!, de-greeting",
        "how’s it going?, how",
        "Tell me a joke, joke",
        "Erzähl einen Witz!, de-joke",
        "Give me a riddle, riddle",
        "What is the weather like?, weather",
        "What can you do?, can",
        "Hilfe, de-can",
        "Please sing, sing",
        "a single word, fallback",
        "Repeat after me: hello, repeat",
        "Do you speak German?, german",
        "Sprichst du Deutsch?, de-german",
        "Search the web, no-search",
        "Call a function, no-tool",
        "Bye!, bye",
        "See you, bye",
        "What is my name?, no-name",
        "Ich heiße Ada, de-noted",
        "What do you see?, no-picture",
        "Danke, de-thanks",
        "Was ist das für ein Ding?, de-fallback",
        "Anything else, fallback"
    })
    void whatPeopleTryFirstHasAnAnswer(String question, String recording) {
        // Given
        Recordings recordings = new Recordings();

        // When
        Answer answer =
                new Answers(recordings, Clock.systemUTC()).toText(question, new History(), Rules.german(question));

        // Then
        assertEquals(
                recordings.get(recording).transcript(),
                answer.speech().getFirst().transcript());
        assertTrue(answer.thought().contains(question.replace('\n', ' ')), answer.thought());
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
