package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test that {@code docs/security.md} names as a proof exists, and each threat names one. */
class SecurityPageTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:#(\\w+))?`");
    private static final Pattern THREAT = Pattern.compile("(?m)^\\| T\\d+ \\|.*$");

    @Test
    void eachNamedTestExists() throws IOException {
        Map<String, Path> tests = tests();
        Set<String> missing = new TreeSet<>();

        for (MatchResult named : NAMED.matcher(page()).results().toList()) {
            Path file = tests.get(named.group(1));
            if (file == null) {
                missing.add(named.group(1));
            } else if (named.group(2) != null && !Files.readString(file).contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }

        assertEquals(Set.of(), missing);
    }

    @Test
    void eachThreatNamesATest() throws IOException {
        Set<String> unproved = new TreeSet<>();
        int threats = 0;
        for (MatchResult row : THREAT.matcher(page()).results().toList()) {
            threats++;
            if (!NAMED.matcher(row.group()).find()) {
                unproved.add(row.group());
            }
        }

        assertEquals(Set.of(), unproved);
        assertTrue(threats == 18, "T1 to T18");
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/security.md"));
    }

    private static Map<String, Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (first, second) -> first));
        }
    }
}
