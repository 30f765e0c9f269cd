package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that a page cites exists, and each threat of {@code docs/access.md} cites one. */
class CitedTestsTest {

    private static final Pattern CITATION = Pattern.compile("`([A-Z]\\w*[a-z](?:Test|IT))(?:#(\\w+))?`");
    private static final Pattern TEST_ANNOTATION = Pattern.compile("@(?:Parameterized|Repeated)?Test\\b");

    @Test
    void eachCitedTestExists() throws IOException {
        Map<String, String> tests = tests();
        Set<String> missing = new TreeSet<>();
        int methods = 0;
        for (Path page : pages()) {
            for (MatchResult citation :
                    CITATION.matcher(Files.readString(page)).results().toList()) {
                String method = citation.group(2);
                String source = tests.get(citation.group(1));
                if (source == null || (method != null && !hasTest(source, method))) {
                    missing.add(page + " cites " + citation.group());
                }
                methods += method == null ? 0 : 1;
            }
        }

        assertEquals(Set.of(), missing);
        assertTrue(methods >= 10, "the pattern finds hardly any citation");
    }

    @Test
    void eachThreatCitesATestMethod() throws IOException {
        String page = Files.readString(Path.of("docs/access.md"));
        String section = page.substring(page.indexOf("\n## Threats\n"));
        List<String> rows = section.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| threat "))
                .toList();

        assertTrue(rows.size() >= 8, section);
        assertEquals(
                List.of(),
                rows.stream()
                        .filter(row -> {
                            Matcher citation = CITATION.matcher(row.substring(row.lastIndexOf(" | ")));
                            return !citation.find() || citation.group(2) == null;
                        })
                        .toList());
    }

    private static boolean hasTest(String source, String method) {
        int declaration = source.indexOf("void " + method + "(");
        if (declaration < 0) {
            return false;
        }
        // The annotations of a method follow the end of the member before it.
        int previousEnd = source.lastIndexOf("\n    }\n", declaration);
        return TEST_ANNOTATION
                .matcher(source.substring(Math.max(0, previousEnd), declaration))
                .find();
    }

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return tests;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> deploy = Files.walk(Path.of("deploy"));
                Stream<Path> top = Files.list(Path.of("."))) {
            return Stream.of(docs, deploy, top)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }
}
