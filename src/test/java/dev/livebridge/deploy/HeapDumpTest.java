package dev.livebridge.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No option of the images or manifests makes a heap dump, names its file, or puts a setting on the command line, which
 * a dump and the list of processes show. A dump on request has the default name of the JVM, {@code java_pidPID.hprof}.
 */
class HeapDumpTest {

    private static final Pattern DUMP =
            Pattern.compile("HeapDump|OnOutOfMemoryError=|-XX:ErrorFile|-Xdump|CrashOnOutOfMemoryError|monitoring=");
    private static final Pattern SETTING = Pattern.compile("-D(?:livebridge|quarkus)\\.\\S*|-Dgemini\\S*");

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*#.*$");

    private static List<Path> files() throws IOException {
        try (Stream<Path> images = Files.walk(Path.of("src/main/docker"));
                Stream<Path> manifests = Files.walk(Path.of("deploy"))) {
            return Stream.concat(images, manifests)
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            pattern.matcher(COMMENT.matcher(Files.readString(file)).replaceAll(""))
                    .results()
                    .forEach(hit -> found.add(file + ": " + hit.group()));
        }
        return found;
    }

    @Test
    void noOptionMakesADumpOrNamesItsFile() throws IOException {
        assertEquals(List.of(), found(DUMP));
    }

    @Test
    void noSettingIsOnTheCommandLine() throws IOException {
        assertEquals(List.of(), found(SETTING));
    }

    @Test
    void theOptionsOfTheJvmAreAmongTheFiles() throws IOException {
        assertTrue(
                found(Pattern.compile("-XX:\\+ExitOnOutOfMemoryError")).stream()
                        .anyMatch(hit -> hit.contains("train.sh")),
                "an OutOfMemoryError ends the process without a dump");
    }
}
