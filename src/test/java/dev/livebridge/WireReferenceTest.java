package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each citation of the wire reference, in code, tests, data and docs, resolves to a place in
 * {@code docs/gemini-live-api.md}. A citation names a section ({@code section 4.1.3}, {@code sections 9 and 11}), an
 * item or row of a section ({@code section 15 item 7}) or a fact ({@code fact 18}, an item of section 1).
 */
class WireReferenceTest {

    private static final Path REFERENCE = Path.of("docs/gemini-live-api.md");

    private static final Pattern HEADING = Pattern.compile("^#{2,4} (\\d+(?:\\.\\d+)*)\\.? ");
    private static final Pattern ITEM = Pattern.compile("^(?:(\\d+)\\. |\\| (\\d+) \\| )");

    /** The prefixes of comment lines in the languages of the repository. */
    private static final Pattern COMMENT_START = Pattern.compile("\\s*\\n\\s*(?:\\*|//|#)?\\s*");

    private static final Pattern SECTIONS =
            Pattern.compile("\\b[Ss]ections? (\\d+(?:\\.\\d+)*(?:(?:, and |, | and |, item |, row | items? | rows? )"
                    + "\\d+(?:\\.\\d+)*)*)");
    private static final Pattern FACTS = Pattern.compile("\\b[Ff]acts? (\\d+)(?:(?: and | to )(\\d+))?");
    private static final Pattern NUMBER = Pattern.compile("(items? |rows? )?(\\d+(?:\\.\\d+)*)");

    /** A section of another document, which the words before it name. */
    private static final Pattern OTHER_DOCUMENT = Pattern.compile("RFC \\d+,? $");

    @Test
    void eachCitationResolves() throws IOException {
        Set<String> places = places(Files.readAllLines(REFERENCE));
        Set<String> lost = new TreeSet<>();
        int citations = 0;
        for (Path file : citingFiles()) {
            for (String place : citations(Files.readString(file))) {
                citations++;
                if (!places.contains(place)) {
                    lost.add(file + " cites " + place);
                }
            }
        }

        assertEquals(Set.of(), lost);
        assertTrue(citations > 80, () -> "the pattern finds hardly any citation");
    }

    @Test
    void theReferenceHasSectionsItemsAndFacts() throws IOException {
        Set<String> places = places(Files.readAllLines(REFERENCE));

        assertTrue(places.containsAll(
                Set.of("section 4.1.3", "section 20", "section 15 item 7", "section 1 item 30", "section 20 item 17")));
        assertTrue(!places.contains("section 21") && !places.contains("section 1 item 31"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(gemini-live-api.md sections 4.1, 12 and 16)|section 4.1;section 12;section 16",
                "gemini-live-api.md section 1 item 25|section 1;section 1 item 25",
                "facts 13 to 16|section 1 item 13;section 1 item 16",
                "RFC 6455 section 5.5|''",
                "section 99|section 99"
            })
    void citationsAreRead(String text, String places) {
        List<String> expected = places.isEmpty() ? List.of() : List.of(places.split(";", -1));

        assertEquals(expected, citations(text));
    }

    private static Set<String> places(List<String> lines) {
        Set<String> places = new HashSet<>();
        String section = "";
        for (String line : lines) {
            Matcher heading = HEADING.matcher(line);
            Matcher item = ITEM.matcher(line);
            if (heading.find()) {
                section = "section " + heading.group(1);
                places.add(section);
            } else if (item.find() && !section.isEmpty()) {
                places.add(section + " item " + (item.group(1) == null ? item.group(2) : item.group(1)));
            }
        }
        return places;
    }

    private static List<String> citations(String file) {
        String text = COMMENT_START.matcher(file).replaceAll(" ");
        Stream<String> sections = SECTIONS.matcher(text)
                .results()
                .filter(found -> !OTHER_DOCUMENT
                        .matcher(text.substring(Math.max(0, found.start() - 12), found.start()))
                        .find())
                .flatMap(found -> cited(found.group(1)));
        Stream<String> facts = FACTS.matcher(text)
                .results()
                .flatMap(found -> Stream.of(found.group(1), found.group(2)).filter(number -> number != null))
                .map(number -> "section 1 item " + number);
        return Stream.concat(sections, facts).toList();
    }

    private static Stream<String> cited(String numbers) {
        Set<String> places = new LinkedHashSet<>();
        String section = "";
        Matcher number = NUMBER.matcher(numbers);
        while (number.find()) {
            if (number.group(1) == null) {
                section = "section " + number.group(2);
                places.add(section);
            } else {
                places.add(section + " item " + number.group(2));
            }
        }
        return places.stream();
    }

    /** The files that cite the reference: code, tests, data and pages, and not the recorded sessions. */
    private static List<Path> citingFiles() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src"));
                Stream<Path> pages = Files.walk(Path.of("docs"))) {
            return Stream.concat(sources, pages)
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(java|js|json|properties|md|html)"))
                    .filter(file -> !file.equals(REFERENCE) && !file.endsWith("WireReferenceTest.java"))
                    .toList();
        }
    }
}
