package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.livebridge.load.LyingService.Lie;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against services that do and don't keep their word. */
class LoadCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static Vertx vertx;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void anHonestServiceGetsACleanReport() throws IOException {
        try (LyingService service = new LyingService(vertx, Lie.NONE)) {
            int code = echo(service, command(), "report.json");

            assertEquals(0, code, this::everythingPrinted);
            JsonNode report = report("report.json");
            assertTrue(report.path("clean").asBoolean());
            JsonNode total = report.path("total").path("counts");
            assertTrue(total.path("chunksSent").asLong() > 0);
            assertEquals(total.path("chunksSent"), total.path("echoes"));
            JsonNode step = report.path("steps").path(1);
            assertEquals(3, step.path("talkers").asInt());
            assertEquals(3, step.path("ready").asInt());
            assertTrue(step.path("millis").path("echo").path("p99").asDouble() > 0);
            assertTrue(printed(out).contains("echo of a chunk, p50 ms"), this::everythingPrinted);
        }
    }

    /** All at once, because each takes as long as one waits for a lost echo. */
    @Test
    void everyLieIsFoundOut() throws InterruptedException, ExecutionException {
        Map<Lie, String> counts = Map.of(
                Lie.LOSES, "echoesLost",
                Lie.REORDERS, "echoesOvertaken",
                Lie.DOUBLES, "echoesDoubled",
                Lie.CHANGES, "echoesCorrupt",
                Lie.MIXES_UP, "echoesCorrupt",
                Lie.HANGS_UP, "conversationsLost");
        List<Future<?>> hearings = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            counts.forEach((lie, count) -> hearings.add(threads.submit(() -> assertFoundOut(lie, count))));
        }
        assertEquals(dishonest(), counts.keySet());
        for (Future<?> hearing : hearings) {
            hearing.get();
        }
    }

    private static Set<Lie> dishonest() {
        return EnumSet.complementOf(EnumSet.of(Lie.NONE));
    }

    private Void assertFoundOut(Lie lie, String count) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream prints = new PrintStream(printed, true);
        String file = lie + ".json";
        try (LyingService service = new LyingService(vertx, lie)) {
            int code = echo(service, new LoadCommand(prints, prints, false), file);

            assertEquals(1, code, () -> lie + ": " + printed(printed));
            JsonNode report = report(file);
            assertFalse(report.path("clean").asBoolean(), lie::toString);
            assertTrue(
                    report.path("total").path("counts").path(count).asLong() > 0, () -> lie + ": " + printed(printed));
        }
        return null;
    }

    @Test
    void aMisspeltOptionIsAnsweredWithOneLineAndCode2() {
        int code = command().run("--taklers", "5");

        assertEquals(2, code);
        assertEquals(
                "load: there is no option --taklers; load --help lists them",
                printed(err).strip());
        assertEquals("", printed(out));
    }

    @Test
    void aTargetThatRefusesConnectionsGivesOneLineAndCode1() {
        int code = command().run("--target", "ws://127.0.0.1:1", "--ramp", "0s", "--duration", "1s");

        assertEquals(1, code);
        assertTrue(printed(err).lines().toList().getLast().startsWith("load: no conversation with ws://127.0.0.1:1: "));
        assertEquals("", printed(out));
    }

    @Test
    void helpIsNoMistake() {
        assertEquals(0, command().run("--help"));
        assertEquals(CommandLine.HELP, printed(out));
    }

    private int echo(LyingService service, LoadCommand command, String file) {
        List<String> arguments = new ArrayList<>(List.of("--target", service.url(), "--dialect", "tutorial"));
        arguments.addAll(List.of("--exercise", "echo", "--talkers", "2,3", "--ramp", "0s", "--duration", "1s"));
        arguments.addAll(List.of("--json", directory.resolve(file).toString()));
        return command.run(arguments.toArray(String[]::new));
    }

    private LoadCommand command() {
        return new LoadCommand(new PrintStream(out, true), new PrintStream(err, true), false);
    }

    private JsonNode report(String file) throws IOException {
        return JSON.readTree(directory.resolve(file).toFile());
    }

    private String everythingPrinted() {
        return printed(err) + printed(out);
    }

    private static String printed(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
