package dev.livebridge.gemini;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.livebridge.gemini.CloseCodes.Meaning;
import dev.livebridge.gemini.CloseCodes.Phase;
import dev.livebridge.gemini.CloseCodes.Row;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.upstream.RetryClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} and the code say the same. */
class ErrorsPageTest {

    private static final CloseCodes CODES = new CloseCodes(Settings.credentials(Map.of()));
    private static final String NONE = "–";

    @Test
    void everyCauseHasItsRow() throws IOException {
        Map<EndCause, Set<RetryClass>> again = new EnumMap<>(EndCause.class);
        meanings()
                .forEach(meaning -> again.computeIfAbsent(meaning.cause(), _ -> EnumSet.noneOf(RetryClass.class))
                        .add(meaning.retry()));
        String expected = Arrays.stream(EndCause.values())
                .map(cause -> row(
                        code(cause.label()),
                        String.valueOf(cause.closeCode()),
                        cause.remedy() == null ? cause.sentence() : cause.sentence() + " " + cause.remedy(),
                        again.getOrDefault(cause, Set.of()).stream()
                                .map(ErrorsPageTest::label)
                                .sorted()
                                .collect(joining(", "))))
                .collect(joining("\n"));

        String actual = table("## Causes").stream()
                .map(cells -> row(cells.get(0), cells.get(1), cells.get(2), sorted(cells.get(3))))
                .collect(joining("\n"));

        assertEquals(expected, actual);
    }

    @Test
    void everyCauseSaysWhatToDo() throws IOException {
        for (List<String> cells : table("## Causes")) {
            assertFalse(cells.get(4).isBlank(), cells.getFirst());
        }
    }

    @Test
    void everyRowOfTheCloseCodesIsThere() throws IOException {
        List<String> expected = new ArrayList<>();
        for (Row row : CODES.rows()) {
            expected.add(row(
                    row.code() == null ? "any" : String.valueOf(row.code()),
                    row.reason() == null ? NONE : row.reason(),
                    when(row.phase()),
                    meaning(row.meaning())));
        }
        expected.add(row("other code", NONE, when(null), meaning(CODES.otherCloseCode())));
        expected.add(row("other status", NONE, when(null), meaning(CODES.otherHttpStatus())));

        List<String> actual = table("## What Gemini says").stream()
                .map(cells -> row(cells.toArray(String[]::new)))
                .toList();

        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private static Stream<Meaning> meanings() {
        return Stream.concat(
                CODES.rows().stream().map(Row::meaning), Stream.of(CODES.otherCloseCode(), CODES.otherHttpStatus()));
    }

    private static String meaning(Meaning meaning) {
        return String.join(
                " | ",
                code(meaning.cause().label()),
                label(meaning.retry()),
                meaning.message() + " " + meaning.remedy());
    }

    private static String when(@Nullable Phase phase) {
        return switch (phase) {
            case null -> "always";
            case BEFORE_SETUP_COMPLETE -> "before the conversation";
            case RESUMPTION -> "on resumption";
            case CONVERSATION -> "in the conversation";
        };
    }

    private static String label(RetryClass retry) {
        return code(retry.name().toLowerCase(Locale.ROOT));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String sorted(String cell) {
        return cell.equals(NONE) ? "" : Stream.of(cell.split(", ", -1)).sorted().collect(joining(", "));
    }

    private static String row(String... cells) {
        return String.join(" | ", cells);
    }

    /** The cells of the first table under a heading, without its head. */
    private static List<List<String>> table(String heading) throws IOException {
        String page = Files.readString(Path.of("docs", "errors.md"));
        List<List<String>> rows = page.substring(page.indexOf(heading + "\n"))
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .toList();
        assertFalse(rows.isEmpty(), heading);
        return rows;
    }
}
