package dev.livebridge.proxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One of two instances behind HAProxy goes away for good while fifty people talk; everybody goes on at the other. */
class LostInstanceIT {

    private static final Logger LOG = Logger.getLogger(LostInstanceIT.class);
    private static final Duration TUNNEL = Duration.ofHours(1);
    static final int TALKERS = 50;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @BeforeAll
    static void findTheProxy() {
        Proxy.Kind.HAPROXY.find();
    }

    @Test
    void whenItIsKilledEverybodyGoesOnAtTheOther() throws IOException, InterruptedException {
        JsonNode counts = counts("killed", Instance::crash);

        assertTrue(
                counts.path("answersCut").asLong() <= counts.path("reconnected").asLong(), counts::toString);
    }

    @Test
    void whenItIsAskedToLeaveNobodyNotices() throws IOException, InterruptedException {
        JsonNode counts = counts("stopped", Instance::stop);

        assertEquals(0, counts.path("answersCut").asLong(), counts::toString);
        assertEquals(0, counts.path("unanswered").asLong(), counts::toString);
        assertEquals(0, counts.path("turnsSplit").asLong(), counts::toString);
    }

    @FunctionalInterface
    private interface Ending {
        void of(Instance instance) throws InterruptedException;
    }

    /** Two instances share everybody; one ends; everybody speaks twice more. */
    private JsonNode counts(String name, Ending ending) throws IOException, InterruptedException {
        try (Fleet fleet = new Fleet(directory, 2, "-Dlivebridge.drain.spread=2s");
                Proxy proxy = Proxy.start(Proxy.Kind.HAPROXY, directory, fleet.instances(), TUNNEL);
                Generator generator =
                        Generator.start(directory, proxy.url(), TALKERS, "--speech", "1s", "--think", "1s")) {
            Instance leaving = fleet.instances().getFirst();
            // Whoever has spoken twice has a token.
            generator.awaitMeasuring().awaitTurns(2 * TALKERS);
            int held = leaving.sessions();

            ending.of(leaving);

            generator.awaitReplaced(held).awaitTurns(generator.turns() + 2 * TALKERS);
            int gathered = fleet.instances().getLast().sessions();
            JsonNode report = generator.end();
            JsonNode counts = report.path("total").path("counts");
            LOG.infof(
                    "%s: %d of %d conversations went on at the other instance, longest gap %.0f ms, %d answers cut,"
                            + " %d turns unanswered",
                    name,
                    counts.path("reconnected").asLong(),
                    TALKERS,
                    report.path("total").path("millis").path("gap").path("max").asDouble(),
                    counts.path("answersCut").asLong(),
                    counts.path("unanswered").asLong());
            Files.writeString(Path.of("target", "lost-instance-" + name + ".json"), report.toPrettyString());
            String logs = generator.output() + "\nmore in " + directory;
            assertTrue(held > 0, logs);
            assertEquals(TALKERS, counts.path("conversations").asLong(), logs);
            assertEquals(0, counts.path("conversationsLost").asLong(), logs);
            assertEquals(held, counts.path("reconnected").asLong(), logs);
            assertEquals(TALKERS, gathered, logs);
            return counts;
        }
    }
}
