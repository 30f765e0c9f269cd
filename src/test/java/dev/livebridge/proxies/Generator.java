package dev.livebridge.proxies;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.AwaitilityDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The packaged load generator; runs until it is stopped. */
final class Generator implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TURNS = Pattern.compile(" (\\d+) turns, ");
    private static final Pattern RECONNECTS = Pattern.compile(" (\\d+) reconnects");

    private final Program program;
    private final Path json;

    private Generator(Program program, Path json) {
        this.program = program;
        this.json = json;
    }

    static Generator start(Path directory, String url, int talkers, String... options) {
        Path json = directory.resolve("load.json");
        List<String> command = new ArrayList<>();
        Path executable = Path.of(System.getProperty("native.image.path"));
        if (Files.isExecutable(executable)) {
            command.add(executable.toString());
        } else {
            command.addAll(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    "target/quarkus-app/quarkus-run.jar"));
        }
        command.addAll(List.of("load", "--target", url, "--talkers", String.valueOf(talkers), "--ramp", "2s"));
        command.addAll(List.of("--duration", "15m", "--json", json.toString()));
        command.addAll(List.of(options));
        return new Generator(Program.start(directory.resolve("load.log"), Map.of(), command), json);
    }

    /** Everybody has arrived. */
    Generator awaitMeasuring() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> {
                    assertTrue(program.isAlive(), program::output);
                    return program.output().contains("measuring");
                });
        return this;
    }

    /** So many turns have been spoken. */
    Generator awaitTurns(int turns) {
        return awaitAtLeast(turns, TURNS);
    }

    /** So many connections have been replaced. */
    Generator awaitReplaced(int connections) {
        return awaitAtLeast(connections, RECONNECTS);
    }

    private Generator awaitAtLeast(int wanted, Pattern figure) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(AwaitilityDefaults.OF_ANOTHER_PROCESS)
                .until(() -> {
                    assertTrue(program.isAlive(), program::output);
                    return newest(figure) >= wanted;
                });
        return this;
    }

    /** Number of completed turns. */
    int turns() {
        return newest(TURNS);
    }

    /** A figure of the newest progress line; the figures only increase. */
    private int newest(Pattern figure) {
        return figure.matcher(program.output())
                .results()
                .mapToInt(number -> Integer.parseInt(number.group(1)))
                .max()
                .orElse(0);
    }

    /** SIGTERM, as Ctrl-C: it tells what it measured so far. */
    JsonNode end() throws InterruptedException, IOException {
        program.terminate(Duration.ofSeconds(30));
        assertTrue(Files.exists(json), program::output);
        return JSON.readTree(json.toFile());
    }

    String output() {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
