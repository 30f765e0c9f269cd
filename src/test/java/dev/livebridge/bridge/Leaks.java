package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.simulator.Simulator;
import dev.livebridge.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What must be gone when all sessions are: sockets, pumps, queued bytes, and the balance of the counters. */
@Singleton
class Leaks {

    private final SessionRegistry sessions;
    private final Simulator simulator;
    private final MeterRegistry meters;

    Leaks(SessionRegistry sessions, Simulator simulator, MeterRegistry meters) {
        this.sessions = sessions;
        this.simulator = simulator;
        this.meters = meters;
    }

    /** Waits until nothing is left. */
    void awaitNone() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertEquals(0, sessions.active(), "sessions");
            assertEquals(0, simulator.statistics().openConnections(), "upstream sockets");
            assertEquals(0, meters.get(Meters.UPSTREAM_OPEN).gauge().value(), "gauge of upstream sockets");
            assertEquals(0, meters.get(Meters.QUEUE_BYTES).gauge().value(), "bytes in queues");
            assertEquals(List.of(), pumps(), "pumps");
        });
        assertEquals(total(Meters.SESSIONS_STARTED), total(Meters.SESSIONS_ENDED), "started = ended + active");
    }

    /** Sessions that have ended for this cause. */
    double ended(String cause) {
        return meters.find(Meters.SESSIONS_ENDED).tag("cause", cause).counters().stream()
                .mapToDouble(each -> each.count())
                .sum();
    }

    private double total(String counter) {
        return meters.find(counter).counters().stream()
                .mapToDouble(each -> each.count())
                .sum();
    }

    private static List<String> pumps() throws IOException {
        Path dump = Files.createTempDirectory("livebridge").resolve("threads.txt");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return lines.filter(line -> line.contains("\"livebridge-up-") || line.contains("\"livebridge-down-"))
                    .toList();
        } finally {
            Files.delete(dump);
            Files.delete(dump.getParent());
        }
    }
}
