package dev.livebridge.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All instances behind a proxy are replaced, one after the other, under load: no session is lost and no answer is
 * interrupted.
 */
class RollingRestartIT {

    private static final Logger LOG = Logger.getLogger(RollingRestartIT.class);
    private static final Duration TUNNEL = Duration.ofHours(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @ParameterizedTest
    @CsvSource({"NGINX, 2, 12", "HAPROXY, 3, 60"})
    void nobodyLosesTheirConversation(Proxy.Kind kind, int instances, int talkers)
            throws IOException, InterruptedException {
        kind.find();
        JsonNode report;
        String printed;
        try (Fleet fleet = new Fleet(directory, instances, "-Dlivebridge.drain.spread=2s");
                Proxy proxy = Proxy.start(kind, directory, fleet.instances(), TUNNEL);
                Generator generator =
                        Generator.start(directory, proxy.url(), talkers, "--speech", "1s", "--think", "1s")) {
            generator.awaitMeasuring();

            fleet.restartAll(proxy);

            report = generator.end();
            printed = generator.output() + "\nmore in " + directory;
        }
        JsonNode counts = report.path("total").path("counts");
        LOG.infof(
                "%s, %d instances, %d talkers: %d connections replaced, longest gap %.0f ms, %d answers whole",
                kind,
                instances,
                talkers,
                counts.path("reconnected").asLong(),
                report.path("total").path("millis").path("gap").path("max").asDouble(),
                counts.path("answersWhole").asLong());
        Files.writeString(
                Path.of("target", "rolling-restart-%s-%d.json".formatted(kind, instances)), report.toPrettyString());
        assertEquals(0, counts.path("conversationsLost").asLong(), printed);
        assertEquals(0, counts.path("answersCut").asLong(), printed);
        assertEquals(0, counts.path("unanswered").asLong(), printed);
        assertEquals(talkers, counts.path("conversations").asLong(), printed);
        assertTrue(counts.path("reconnected").asLong() >= talkers, printed);
        assertTrue(counts.path("answersWhole").asLong() >= talkers, printed);
        assertTrue(counts.path("upgradesRefused").asLong() <= 1, printed);
    }

    /** The old workers cut what they hold after worker_shutdown_timeout: a 1006, which resuming hides. */
    @Test
    void aReloadOfTheProxyLosesNobody() throws IOException, InterruptedException {
        Proxy.Kind.NGINX.find();
        try (Fleet fleet = new Fleet(directory, 1);
                Proxy proxy = Proxy.start(Proxy.Kind.NGINX, directory, fleet.instances(), TUNNEL);
                Generator generator =
                        Generator.start(directory, proxy.url(), 5, "--idle", "20", "--speech", "1s", "--think", "1s")) {
            generator.awaitMeasuring();

            proxy.reload();

            generator.awaitReplaced(5);
            JsonNode counts = generator.end().path("total").path("counts");
            assertEquals(0, counts.path("conversationsLost").asLong(), generator::output);
            assertEquals(5, counts.path("reconnected").asLong(), generator::output);
            assertEquals(0, counts.path("upgradesRefused").asLong(), generator::output);
        }
    }
}
