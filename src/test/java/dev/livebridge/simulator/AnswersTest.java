package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulator says, and in which order. */
class AnswersTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-28T12:07:00Z"), ZoneOffset.UTC);

    private final Recordings recordings = new Recordings();
    private final Answers answers = new Answers(recordings, NOON);
    private final History history = new History();

    @Test
    void theSameQuestionGetsEachRecordingInTurn() {
        // When
        List<String> said = List.of(ask("thanks"), ask("thank you"), ask("thanks"), ask("thanks"));

        // Then
        assertEquals(List.of("You are very welcome.", "My pleasure.", "Any time.", "You are very welcome."), said);
        assertEquals(
                "You are very welcome.",
                words(answers.toText("thanks", new History(), false).speech()),
                "another conversation begins anew");
    }

    @Test
    void aResumedConversationDoesNotRepeatItself() {
        // Given
        ask("thanks");

        // When
        History resumed = history.copy();

        // Then
        assertEquals(
                "My pleasure.", words(answers.toText("thanks", resumed, false).speech()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            What is 2 + 3?              | That makes 5.
            12 times 12                 | That makes 144.
            what is 3 minus 10          | That makes minus 7.
            9999 * 9999                 | That makes 99980001.
            Was ist 7 mal 8?            | Das ergibt 56.
            3 mal 4                     | Das ergibt 12.
            What time is it?            | In universal time, it is 12:07.
            Wie spät ist es?            | In Weltzeit ist es 12:07.
            two and two                 | I got your message.
            """)
    void sumsAndTimes(String question, String answer) {
        assertTrue(ask(question).startsWith(answer), () -> ask(question));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            64  | 48 | I received your picture. Its size in pixels is 64 by 48. It is wider than high.
            48  | 64 | I received your picture. Its size in pixels is 48 by 64. It is higher than wide.
            480 | 480 | I received your picture. Its size in pixels is 480 by 480. It is a square.
            """)
    void aPictureIsRemarkedUpon(int width, int height, String answer) {
        // Given
        history.addPicture(new Picture("image/jpeg", 100, true, width, height));

        // Then
        assertEquals(answer, ask("What do you see?"));
    }

    @Test
    void germanIsSpokenToThoseWhoWriteIt() {
        // When
        String noted = ask("Ich heiße Ada");
        String name = ask("Wie heiße ich?");

        // Then
        assertEquals("Freut mich. Ich merke mir deinen Namen.", noted);
        assertEquals("Du heißt Ada.", name);
        assertTrue(ask("Zeig mir eine Tabelle").contains("| Signal | Richtung |"));
    }

    @Test
    void theVoiceIsRepeatedAndAHintFollowsNowAndThen() {
        // Given
        short[] voice = new short[3 * Resampler.MODEL_RATE];

        // When
        String first = words(answers.toSpeech(voice, history, false));
        String second = words(answers.toSpeech(voice, history, false));
        String third = words(answers.toSpeech(voice, history, false));
        String fourth = words(answers.toSpeech(voice, history, false));
        String german = words(answers.toSpeech(voice, new History(), true));

        // Then
        assertEquals("You said: (your voice, 3.0 s) I only hear you. To be understood, type: tell me a story.", first);
        assertEquals("It sounded like this: (your voice, 3.0 s)", second);
        assertEquals("You said: (your voice, 3.0 s)", third);
        assertEquals("It sounded like this: (your voice, 3.0 s) Now type: show me some code.", fourth);
        assertTrue(german.startsWith("Du hast gesagt: (deine Stimme, 3,0 s) "), german);
    }

    @Test
    void whatThePageSuggestsIsUnderstoodInEachOfItsLanguages() throws IOException {
        Map<String, Rules.Kind> kinds = Map.of(
                "story", Rules.Kind.STORY, "table", Rules.Kind.TABLE, "time", Rules.Kind.TIME, "who", Rules.Kind.WHO);
        Pattern suggestion = Pattern.compile("'suggestion\\.(\\w+)': '([^']*)'");
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/web/app/i18n"))) {
            for (Path file : files.toList()) {
                Matcher found = suggestion.matcher(Files.readString(file));
                while (found.find()) {
                    assertEquals(kinds.get(found.group(1)), Rules.kindOf(found.group(2)), file + ": " + found.group());
                }
            }
        }
    }

    @Test
    void aThoughtQuotesNoMoreThanALine() {
        // When
        String thought =
                answers.toText("joke\n" + "x".repeat(500), history, false).thought();

        // Then
        assertTrue(thought.contains("joke xxx"), thought);
        assertTrue(thought.length() < 250, thought);
        assertFalse(thought.contains("joke\n"), thought);
    }

    private String ask(String question) {
        history.addUserText(question);
        return words(answers.toText(question, history, Rules.german(question)).speech());
    }

    private static String words(List<Speech> speech) {
        return speech.stream()
                .map(Speech::transcript)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
