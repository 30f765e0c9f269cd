package dev.livebridge;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for all files of the repository. */
class RepositoryTest {

    private static final Pattern PACKAGE_REGISTRY = Pattern.compile(
            "registry[.](npmjs|yarnpkg)[.]|repo1?[.]maven[.]|maven[.]org/maven2|central[.]sonatype[.]|pypi[.]org");
    private static final Pattern SECRET =
            Pattern.compile("AIza[0-9A-Za-z_-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY|ya29[.][0-9A-Za-z_-]{20}");

    private static final Pattern USES = Pattern.compile("^\\s*(- )?uses:");
    private static final Pattern PINNED_ACTION =
            Pattern.compile("\\s*(- )?uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+[.]\\d+[.]\\d+");
    private static final Pattern IMAGE =
            Pattern.compile("[a-z0-9-]+[.][a-z0-9.-]+/[a-z0-9/._-]+:(?!latest)[\\w.-]+(@sha256:[0-9a-f]{64})?");

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

    @Test
    void everyActionIsPinnedByCommit() throws IOException {
        List<Path> workflows = files.stream()
                .filter(file -> file.startsWith(".github/workflows"))
                .toList();
        assertTrue(linesWhere(workflows, USES.asPredicate()).contains("actions/checkout@"));

        assertEquals(
                "",
                linesWhere(
                        workflows,
                        USES.asPredicate().and(PINNED_ACTION.asMatchPredicate().negate())));
    }

    /** An image is pinned, or named by a tag of a registry where {@code .ci/pin-images} finds its digest. */
    @Test
    void everyImageIsPinnedOrCanBe() throws IOException {
        List<Path> dockerfiles = files.stream()
                .filter(file -> file.getFileName().toString().startsWith("Dockerfile"))
                .toList();
        assertEquals(3, dockerfiles.size());
        for (Path file : dockerfiles) {
            List<String> lines = Files.readAllLines(file);
            List<String> images =
                    lines.stream().filter(line -> line.startsWith("ARG BASE=")).toList();
            assertEquals(1, images.size(), file::toString);
            assertTrue(
                    IMAGE.matcher(images.getFirst().substring("ARG BASE=".length()))
                            .matches(),
                    images::getFirst);
            assertEquals(
                    List.of("FROM ${BASE}"),
                    lines.stream().filter(line -> line.startsWith("FROM ")).toList(),
                    file::toString);
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            properties.load(in);
        }
        String builder = properties.getProperty("quarkus.native.builder-image");
        assertTrue(IMAGE.matcher(builder).matches(), builder);
    }

    @Test
    void nothingIsPublishedOnAnImageThatIsNotPinned() throws IOException {
        JsonNode jobs = new YAMLMapper()
                .readTree(Path.of(".github/workflows/release.yml").toFile())
                .get("jobs");
        List<String> check = jobs.at("/pinned/steps").findValuesAsText("run");
        assertTrue(check.contains(".ci/pin-images --check"), check::toString);
        for (Map.Entry<String, JsonNode> job : jobs.properties()) {
            boolean publishes =
                    job.getValue().at("/permissions/packages").asText().equals("write");
            assertEquals(publishes, comesAfter(jobs, job.getKey(), "pinned"), job::getKey);
        }
    }

    private static boolean comesAfter(JsonNode jobs, String job, String other) {
        String needed = jobs.at("/" + job + "/needs").asText();
        return !needed.isEmpty() && (needed.equals(other) || comesAfter(jobs, needed, other));
    }

    @Test
    void everyPackageOfTheLockFileHasAChecksum() throws IOException {
        JsonNode packages = new ObjectMapper()
                .readTree(Path.of("package-lock.json").toFile())
                .get("packages");
        List<String> without = packages.properties().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .filter(entry -> !entry.getValue().path("integrity").asText().startsWith("sha512-"))
                .map(Map.Entry::getKey)
                .toList();

        assertTrue(packages.size() > 1);
        assertEquals(List.of(), without);
    }

    @Test
    void thePatternsNoticeWhatIsNotPinned() {
        String commit = "0123456789".repeat(4);
        assertTrue(
                PINNED_ACTION.matcher("    - uses: a/b@" + commit + " # v1.2.3").matches());
        for (String action : List.of(
                "a/b@v4", "a/b@main", "a/b@" + commit, "a/b@" + commit.substring(1) + " # v1.2.3", "docker://a:1")) {
            assertTrue(USES.asPredicate().test("    - uses: " + action), action);
            assertFalse(PINNED_ACTION.matcher("    - uses: " + action).matches(), action);
        }
        assertTrue(IMAGE.matcher("quay.io/a/b:1.2@sha256:" + "0".repeat(64)).matches());
        for (String image : List.of("a", "a:1", "quay.io/a/b", "quay.io/a/b:latest", "quay.io/a/b:1@sha256:beef")) {
            assertFalse(IMAGE.matcher(image).matches(), image);
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
