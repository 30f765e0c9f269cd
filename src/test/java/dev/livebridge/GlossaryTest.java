package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The words that {@code docs/glossary.md} does not use occur in no type, setting, metric or log message of the service.
 * A word that is right somewhere is in the glossary's second table.
 */
class GlossaryTest {

    private static final Pattern TERM =
            Pattern.compile("(?m)^\\| ([a-z][a-z ]+) \\| ([^|]+) \\| ((?:`[a-z ]+`(?:, )?)+|–) \\|$");
    private static final Pattern EXCEPTION = Pattern.compile("(?m)^\\| `([a-z ]+)` \\| ([^|]+) \\| [^|]+ \\|$");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private static final Pattern TYPE = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern METRIC = Pattern.compile("\"(livebridge[._][a-z._]+)\"");
    private static final Pattern LOG_CALL = Pattern.compile("\\bLOG\\s*\\.\\s*\\w+\\(");
    private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A word that is right in types of these names, or in all log messages. */
    private record Allowance(String word, List<Pattern> types, boolean logs) {

        boolean permits(Use use) {
            return use.has(word)
                    && switch (use.kind()) {
                        case "type" ->
                            types.stream()
                                    .anyMatch(name -> name.matcher(use.text()).matches());
                        case "log message" -> logs;
                        default -> false;
                    };
        }
    }

    /** A place where a name or a sentence stands, and what it says. */
    private record Use(String kind, String text) {

        boolean has(String word) {
            String words = " " + words(text) + " ";
            return words.contains(" " + word + " ") || words.contains(" " + word + "s ");
        }
    }

    private static Map<String, String> banned;
    private static List<Allowance> exceptions;
    private static String terms;

    @BeforeAll
    static void readTheGlossary() throws IOException {
        String page = Files.readString(Path.of("docs/glossary.md"));
        int second = page.indexOf("\n## Where such a word is right");
        terms = page.substring(page.indexOf("\n## Terms"), second);
        banned = new TreeMap<>();
        TERM.matcher(terms)
                .results()
                .forEach(row -> QUOTED.matcher(row.group(3))
                        .results()
                        .forEach(word -> banned.put(word.group(1), row.group(1))));
        exceptions = EXCEPTION
                .matcher(page.substring(second))
                .results()
                .map(row -> new Allowance(
                        row.group(1), types(row.group(2)), row.group(2).contains("log messages")))
                .toList();
    }

    private static List<Pattern> types(String cell) {
        return QUOTED.matcher(cell)
                .results()
                .map(name -> Pattern.compile(name.group(1).replace("*", "\\w*")))
                .toList();
    }

    @Test
    void theGlossaryIsReadable() {
        long rows = terms.lines().filter(line -> line.startsWith("| ")).count() - 2;
        List<String> named =
                TERM.matcher(terms).results().map(row -> row.group(1)).toList();

        assertEquals(rows, named.size(), "a row that the test does not understand");
        assertTrue(named.size() >= 25 && named.size() <= 40, () -> named.size() + " terms");
        assertEquals(List.copyOf(new TreeSet<>(named)), named, "in alphabetical order, each once");
        TERM.matcher(terms).results().forEach(row -> assertTrue(row.group(2).endsWith("."), row.group()));
        named.forEach(term -> assertFalse(banned.containsKey(term), term));
        assertTrue(exceptions.stream().allMatch(exception -> banned.containsKey(exception.word())));
    }

    @Test
    void noTypeSettingMetricOrLogMessageHasAnotherWordForATerm() throws IOException {
        List<Use> uses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                uses.addAll(uses(Files.readString(file)));
            }
        }
        Files.readAllLines(Path.of("src/main/resources/config/environment-variables.txt")).stream()
                .map(variable -> new Use("setting", variable))
                .forEach(uses::add);

        for (String kind : List.of("type", "setting", "metric", "log message")) {
            assertTrue(uses.stream().filter(use -> use.kind().equals(kind)).count() > 30, kind);
        }
        assertEquals("", String.join("\n", findings(uses)));
        assertEquals(
                List.of(),
                exceptions.stream()
                        .filter(exception -> uses.stream().noneMatch(exception::permits))
                        .toList(),
                "not needed any more");
    }

    @Test
    void eachKindOfUseIsNoticed() {
        List<Use> uses = new ArrayList<>(uses("""
                final class ClientLine {
                    record CommandLine() {}
                    record Guideline() {}
                    enum Pod { LINE }
                    static final String METER = "livebridge.session.comebacks";
                    void say() {
                        LOG.infof(
                                "a stranger's %s (line %d)" + " waits",
                                state(), 1);
                        LOG.debug("two pods call; no sentence");
                        throw new IllegalStateException("a line that is not logged");
                    }
                }
                """));
        uses.add(new Use("setting", "LIVEBRIDGE_SESSION_MAX_PER_POD"));

        assertEquals(
                List.of(
                        "type ClientLine: connection, not line",
                        "type Pod: instance, not pod",
                        "metric livebridge.session.comebacks: resumption, not comeback",
                        "log message a stranger's %s (line %d): connection, not line",
                        "log message a stranger's %s (line %d): client, not stranger",
                        "log message two pods call; no sentence: instance, not pod",
                        "setting LIVEBRIDGE_SESSION_MAX_PER_POD: instance, not pod"),
                findings(uses));
    }

    private static List<Use> uses(String source) {
        List<Use> uses = new ArrayList<>();
        TYPE.matcher(source).results().forEach(type -> uses.add(new Use("type", type.group(1))));
        METRIC.matcher(source).results().forEach(metric -> uses.add(new Use("metric", metric.group(1))));
        LOG_CALL.matcher(source)
                .results()
                .forEach(call -> STRING.matcher(arguments(source, call.end()))
                        .results()
                        .forEach(text -> uses.add(new Use("log message", text.group(1)))));
        return uses;
    }

    /** From behind an opening parenthesis to its closing one; those in strings are not counted. */
    private static String arguments(String source, int begin) {
        int depth = 1;
        boolean quoted = false;
        int at = begin;
        for (; depth > 0; at++) {
            char c = source.charAt(at);
            if (c == '"' && source.charAt(at - 1) != '\\') {
                quoted = !quoted;
            } else if (!quoted && (c == '(' || c == ')')) {
                depth += c == '(' ? 1 : -1;
            }
        }
        return source.substring(begin, at);
    }

    private static List<String> findings(List<Use> uses) {
        List<String> findings = new ArrayList<>();
        for (Use use : uses) {
            banned.forEach((word, term) -> {
                if (use.has(word)
                        && exceptions.stream().noneMatch(each -> each.word().equals(word) && each.permits(use))) {
                    findings.add(use.kind() + " " + use.text() + ": " + term + ", not " + word);
                }
            });
        }
        return findings;
    }

    /** A name or a sentence as lower-case words: {@code ClientLine}, {@code max-per-pod}, {@code MAX_PER_POD}. */
    private static String words(String text) {
        return text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .replaceAll("[^A-Za-z0-9]+", " ")
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
