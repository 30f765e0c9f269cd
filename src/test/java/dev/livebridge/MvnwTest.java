package dev.livebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of {@code mvnw} with its own JDK, Maven and home directory, and without network access. */
@DisabledOnOs(OS.WINDOWS)
class MvnwTest {

    private static final String VERSION = "9.9.9";

    @TempDir
    Path root;

    private Path project;
    private Path tools;
    private Path jdk;

    @BeforeEach
    void layOutTheMachine() throws IOException {
        project = Files.createDirectories(root.resolve("project"));
        Files.createDirectories(project.resolve(".mvn/wrapper"));
        Files.copy(Path.of("mvnw"), project.resolve("mvnw"));
        tools = Files.createDirectories(root.resolve("tools"));
        for (String tool :
                List.of("cut", "dirname", "gzip", "head", "mkdir", "mktemp", "mv", "rm", "sed", "sha512sum", "tar")) {
            offerTool(tool);
        }
        jdk = root.resolve("jdk");
        script(jdk.resolve("bin/javac"), "true");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"99.0.1\"\n");
        pinMaven("0".repeat(128));
    }

    @Test
    void runsAnInstalledMavenThatIsNewEnough() throws Exception {
        // Given
        installMaven("3.9.4", "echo \"ran $* on $JAVA_HOME\"");

        // When
        Outcome outcome = mvnw("-q", "verify");

        // Then
        assertEquals(new Outcome(0, "ran -q verify on " + jdk + "\n"), outcome);
    }

    @Test
    void saysThatAJdkIsMissing() throws Exception {
        // Given: a required version that no JDK has
        installMaven("3.9.4", "echo ran");
        Path mvnw = project.resolve("mvnw");
        Files.writeString(mvnw, Files.readString(mvnw).replaceFirst("need_jdk=\\d+", "need_jdk=1000"));

        // When
        Outcome outcome = mvnw("verify");

        // Then
        assertEquals(new Outcome(1, "mvnw: no JDK 1000 or newer found; install one or set JAVA_HOME\n"), outcome);
    }

    @Test
    void saysThatMavenIsMissingAndCannotBeFetched() throws Exception {
        // Given: neither Maven nor curl nor wget among the tools

        // When
        Outcome outcome = mvnw("verify");

        // Then
        assertEquals(
                new Outcome(
                        1,
                        "mvnw: fetching Maven 9.9.9 (once)\n"
                                + "mvnw: no Maven 3.9 or newer found, and neither curl nor wget to fetch one;"
                                + " install any of them\n"),
                outcome);
    }

    @Test
    void refusesAnArchiveWithAnotherChecksum() throws Exception {
        // Given
        Path archive = archiveOfMaven();
        installMaven("3.8.7", "cp \"" + archive + "\" \"" + copiedTo() + "\"");
        offerTool("cp");

        // When
        Outcome outcome = mvnw("verify");

        // Then
        assertEquals(
                new Outcome(
                        1, "mvnw: fetching Maven 9.9.9 (once)\nmvnw: the Maven archive does not match its checksum\n"),
                outcome);
        assertFalse(Files.exists(root.resolve("home/.m2/wrapper/dists/apache-maven-" + VERSION)), "nothing installed");
    }

    @Test
    void fetchesThePinnedMavenOnceThroughAnOlderOne() throws Exception {
        // Given
        Path archive = archiveOfMaven();
        pinMaven(sha512(archive));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        installMaven("3.8.7", "[ -e pom.xml ] || cp \"" + archive + "\" \"" + copiedTo() + "\"");
        offerTool("cp");

        // When
        Outcome first = mvnw("verify");
        Outcome second = mvnw("test");

        // Then
        assertEquals(new Outcome(0, "mvnw: fetching Maven 9.9.9 (once)\npinned verify\n"), first);
        assertEquals(new Outcome(0, "pinned test\n"), second);
    }

    @Test
    void saysThatTheInstalledMavenFetchedNothing() throws Exception {
        // Given: a Maven that succeeds without a copy, as it does where a pom configures other artifacts
        installMaven("3.8.7", "true");

        // When
        Outcome outcome = mvnw("verify");

        // Then
        assertEquals(new Outcome(1, """
                        mvnw: fetching Maven 9.9.9 (once)
                        mvnw: the installed Maven did not fetch apache-maven-9.9.9-bin.tar.gz
                        """), outcome);
    }

    /** The {@code outputDirectory} that the script passes to an older Maven, as shell text. */
    private static String copiedTo() {
        return "$(for a; do case $a in -DoutputDirectory=*) echo \"${a#*=}\" ;; esac; done)/";
    }

    private void installMaven(String version, String otherwise) throws IOException {
        script(
                tools.resolve("mvn"),
                "if [ \"$1\" = --version ]; then echo \"Apache Maven " + version + " (x)\"; else " + otherwise
                        + "; fi");
    }

    private void pinMaven(String sha512) throws IOException {
        Files.writeString(
                project.resolve(".mvn/wrapper/maven-wrapper.properties"),
                "distributionUrl=http://127.0.0.1:1/apache-maven-" + VERSION + "-bin.tar.gz\ndistributionSha512Sum="
                        + sha512 + "\n");
    }

    private Path archiveOfMaven() throws IOException, InterruptedException {
        Path unpacked = root.resolve("unpacked");
        script(unpacked.resolve("apache-maven-" + VERSION + "/bin/mvn"), "echo \"pinned $*\"");
        Path archive = root.resolve("apache-maven-" + VERSION + "-bin.tar.gz");
        Process tar = new ProcessBuilder("tar", "-czf", archive.toString(), "-C", unpacked.toString(), ".").start();
        assertEquals(0, tar.waitFor());
        return archive;
    }

    private static String sha512(Path file) throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(digest);
    }

    private static void script(Path path, String body) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        if (!path.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + path + " executable");
        }
    }

    /** Puts one of the machine's tools on the otherwise empty PATH. */
    private void offerTool(String name) throws IOException {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            Path tool = Path.of(directory, name);
            if (Files.isExecutable(tool)) {
                script(tools.resolve(name), "exec \"" + tool + "\" \"$@\"");
                return;
            }
        }
        throw new IOException(name + " is not on the PATH");
    }

    private Outcome mvnw(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", project.resolve("mvnw").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", tools.toString(),
                        "HOME", root.resolve("home").toString(),
                        "JAVA_HOME", jdk.toString()));
        builder.directory(project.toFile());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private record Outcome(int exitCode, String output) {}
}
