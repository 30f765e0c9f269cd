package dev.livebridge;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for the files of the repository, whatever they are. */
class RepositoryTest {

    private static final Pattern PACKAGE_REGISTRY = Pattern.compile(
            "registry[.](npmjs|yarnpkg)[.]|repo1?[.]maven[.]|maven[.]org/maven2|central[.]sonatype[.]|pypi[.]org");
    private static final Pattern SECRET =
            Pattern.compile("AIza[0-9A-Za-z_-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY|ya29[.][0-9A-Za-z_-]{20}");

    private static List<Path> files;

    @BeforeAll
    static void listTheFiles() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of(".git")), "not a checkout");
        Process git = new ProcessBuilder("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor());
        files = Stream.of(names.split("\0", -1))
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
        assertTrue(files.contains(Path.of("pom.xml")));
    }

    @Test
    void noFileNamesAPackageRegistry() throws IOException {
        assertEquals("", linesWhere(PACKAGE_REGISTRY.asPredicate()));
    }

    @Test
    void noFileNamesAPathOfTheMachine() throws IOException {
        String checkout = Path.of("").toAbsolutePath() + "/";
        String home = Path.of(System.getProperty("user.home")).toAbsolutePath() + "/";

        assertEquals("", linesWhere(line -> line.contains(checkout) || (!home.equals("//") && line.contains(home))));
    }

    @Test
    void noFileHoldsASecret() throws IOException {
        assertEquals("", linesWhere(SECRET.asPredicate()));
    }

    @Test
    void testsWaitForConditions() throws IOException {
        Pattern sleep = Pattern.compile("Thread[.]sleep[(]|TimeUnit[.][A-Z]+[.]sleep[(]");
        List<Path> tests =
                files.stream().filter(file -> file.startsWith("src/test/java")).toList();

        assertEquals("", linesWhere(tests, sleep.asPredicate()));
    }

    @Test
    void everyPackageSaysWhatLivesThereAndIsNullMarked() throws IOException {
        List<Path> packages = files.stream()
                .filter(file ->
                        file.startsWith("src/main/java") && file.toString().endsWith(".java"))
                .map(Path::getParent)
                .distinct()
                .toList();
        for (Path directory : packages) {
            Path info = directory.resolve("package-info.java");
            assertTrue(Files.exists(info), () -> info + " is missing");
            String text = Files.readString(info);
            assertTrue(text.startsWith("/**"), () -> info + " does not say what lives in the package");
            assertTrue(text.contains("@NullMarked"), () -> info + " is not @NullMarked");
        }
    }

    private static String linesWhere(Predicate<String> wrong) throws IOException {
        return linesWhere(files, wrong);
    }

    private static String linesWhere(List<Path> among, Predicate<String> wrong) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : among) {
            // Latin-1 reads any bytes, and what is looked for is ASCII.
            Files.readString(file, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(wrong)
                    .map(line -> file + ": " + line.strip())
                    .forEach(found::add);
        }
        return found.stream().collect(joining("\n"));
    }
}
