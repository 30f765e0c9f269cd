package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program's other commands, against the packaged service. */
@QuarkusIntegrationTest
class PackagedLoadIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    URI server;

    @TempDir
    Path directory;

    private record Ended(int code, String out, String err) {}

    @ParameterizedTest
    @ValueSource(strings = {"live", "tutorial", "gemini"})
    void everyChunkComesBackOnceWholeAndInOrder(String dialect) throws IOException, InterruptedException {
        Ended ended = load("--dialect", dialect, "--exercise", "echo", "--talkers", "2,4", "--duration", "3s");

        assertEquals(0, ended.code(), ended::toString);
        JsonNode report = report();
        JsonNode counts = report.path("total").path("counts");
        assertTrue(counts.path("echoes").asLong() > 100, ended::toString);
        assertEquals(counts.path("chunksSent"), counts.path("echoes"));
        JsonNode service = report.path("steps").path(1).path("service");
        assertTrue(service.path("shareUpP99Millis").asDouble() > 0, ended::toString);
        assertTrue(service.path("shareDownP99Millis").asDouble() > 0, ended::toString);
        assertTrue(service.path("cpuMicrosPerMessage").asDouble() > 0, ended::toString);
        assertTrue(report.path("sessionsPerInstance").path("sessionsPerCore").asDouble() > 0, ended::toString);
    }

    @Test
    void peopleAreAnsweredWithAllTheySaid() throws IOException, InterruptedException {
        Ended ended = load(
                "--talkers",
                "3",
                "--idle",
                "34",
                "--duration",
                "8s",
                "--speech",
                "500ms",
                "--think",
                "200ms",
                "--barge-in",
                "30");

        assertEquals(0, ended.code(), ended::toString);
        JsonNode counts = report().path("total").path("counts");
        assertTrue(counts.path("answersWhole").asLong() >= 1, ended::toString);
        assertEquals(3, counts.path("conversations").asInt());
    }

    @Test
    void aMisspeltOptionIsOneSentenceAndCode2() throws IOException, InterruptedException {
        Ended ended = run(List.of("load", "--taklers", "5"));

        assertEquals(2, ended.code());
        assertEquals(
                "load: there is no option --taklers; load --help lists them",
                ended.err().strip());
    }

    @Test
    void theVersionIsPrintedWithoutAService() throws IOException, InterruptedException {
        Ended ended = run(List.of("--version"));

        assertEquals(0, ended.code());
        assertTrue(ended.out().strip().matches("livebridge [0-9]+[.][0-9]+[.][0-9]+(-SNAPSHOT)?"), ended::toString);
    }

    private Ended load(String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("load", "--ramp", "200ms"));
        arguments.addAll(List.of("--target", "ws://" + server.getHost() + ":" + server.getPort()));
        arguments.addAll(List.of("--metrics", System.getProperty("test.management.url") + "/metrics"));
        arguments.addAll(List.of("--json", directory.resolve("report.json").toString()));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    /** The native executable where there is one, as for the service under test. */
    private Ended run(List<String> arguments) throws IOException, InterruptedException {
        Path executable = Path.of(System.getProperty("native.image.path"));
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(executable)) {
            command.add(executable.toString());
        } else {
            command.add(System.getProperty("java.home") + "/bin/java");
            command.add("-jar");
            command.add(Path.of("target/quarkus-app/quarkus-run.jar").toString());
        }
        command.addAll(arguments);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it has to end by itself");
        } finally {
            process.destroyForcibly();
        }
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private JsonNode report() throws IOException {
        return JSON.readTree(directory.resolve("report.json").toFile());
    }
}
