package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The targets in the pages exist: files, headings, and the types that the pages about the code name. */
class MarkdownTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)`");
    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w+)");

    /** Pages that name types of the code, not words of a wire. */
    private static final List<Path> OF_CODE = List.of(Path.of("docs/architecture.md"), Path.of("CONTRIBUTING.md"));

    private static List<Path> pages;
    private static Set<String> types;

    @BeforeAll
    static void read() throws IOException {
        pages = new ArrayList<>();
        try (Stream<Path> here = Files.list(Path.of(""))) {
            here.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        pages.addAll(below("docs", ".md"));
        pages.addAll(below("deploy", ".md"));
        pages.addAll(below("clients", ".md"));
        types = new HashSet<>();
        for (Path file : below("src", ".java")) {
            DECLARATION.matcher(Files.readString(file)).results().forEach(type -> types.add(type.group(1)));
        }
    }

    private static List<Path> below(String directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        assertTrue(pages.size() > 30, () -> pages.size() + " pages");
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages) {
            for (String target : links(Files.readString(page)).toList()) {
                links++;
                if (!exists(page, target)) {
                    broken.add(page + ": " + target);
                }
            }
        }
        assertTrue(links > 100, links + " links");
        assertEquals("", String.join("\n", broken));
    }

    @Test
    void everyTypeThatAPageNamesIsInTheCode() throws IOException {
        for (Path page : OF_CODE) {
            Set<String> named = TYPE_NAME
                    .matcher(Files.readString(page))
                    .results()
                    .map(name -> name.group(1))
                    .collect(Collectors.toSet());
            assertTrue(named.size() > 3, page::toString);
            named.removeAll(types);
            assertEquals(Set.of(), named, page::toString);
        }
    }

    @Test
    void aBrokenLinkIsNoticed() {
        Path readme = Path.of("README.md");
        assertEquals(
                List.of("docs/none.md", "#nothing-like-it", "docs/errors.md#no-such-heading"),
                links("""
                        [a](docs/none.md) [b](#nothing-like-it) [c](docs/errors.md#no-such-heading) [d](docs/errors.md#causes)
                        [e](https://example.com/none) [f](docs/runbooks)
                        ```
                        [g](in-a-listing.md)
                        ```
                        """).filter(target -> !exists(readme, target)).toList());
    }

    /** Targets of links within the repository. */
    private static Stream<String> links(String markdown) {
        return LINK.matcher(FENCE.matcher(markdown).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"));
    }

    private static boolean exists(Path page, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        return Files.exists(file) && (hash < 0 || headings(file).contains(target.substring(hash + 1)));
    }

    /** The anchors that GitHub makes of the headings of a page. */
    private static Set<String> headings(Path file) {
        try {
            return HEADING.matcher(FENCE.matcher(Files.readString(file)).replaceAll(""))
                    .results()
                    .map(MarkdownTest::anchor)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
