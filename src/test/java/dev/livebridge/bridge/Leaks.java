package dev.livebridge.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.simulator.Simulator;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.Metric;
import dev.livebridge.telemetry.SessionCounts;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** Checks that all resources are released after the sessions: sockets, writers, queued bytes, and balanced counters. */
@Singleton
class Leaks {

    /** A row of a class histogram: its number, instances, bytes, class. */
    private static final Pattern SESSIONS = Pattern.compile(
            "\\d+:\\s+(\\d+)\\s+\\d+\\s+dev\\.livebridge\\.(?:session\\.LiveSession|simulator\\.Session)\\s");

    private final SessionRegistry sessions;
    private final Simulator simulator;
    private final Meters meters;
    private final MeterRegistry registry;

    Leaks(SessionRegistry sessions, Simulator simulator, Meters meters, MeterRegistry registry) {
        this.sessions = sessions;
        this.simulator = simulator;
        this.meters = meters;
        this.registry = registry;
    }

    /** Waits until all resources are released. */
    void awaitNone() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertEquals(0, sessions.active(), "sessions");
            assertEquals(0, simulator.statistics().openConnections(), "upstream sockets");
            assertEquals(0, gauge(Metric.UPSTREAM_OPEN), "gauge of upstream sockets");
            assertEquals(0, gauge(Metric.QUEUE_BYTES), "bytes in queues");
            assertEquals(List.of(), pumps(), "pumps");
        });
        SessionCounts.Snapshot counts = meters.sessions().snapshot();
        assertEquals(counts.begun(), counts.over(), "started = ended + active");
    }

    /** Waits until the heap has at most this number of sessions, of the gateway and of the simulator. */
    void awaitOnTheHeapNoMoreThan(long sessions) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertTrue(
                        sessionsOnTheHeap() <= sessions, () -> "more than " + sessions + " sessions on the heap"));
    }

    /** Number of sessions after a full garbage collection; other tests of this process may have left some. */
    long sessionsOnTheHeap() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return SESSIONS.matcher(histogram.toString())
                .results()
                .mapToLong(row -> Long.parseLong(row.group(1)))
                .sum();
    }

    /** Sessions that have ended for this cause. */
    double ended(String cause) {
        return meters.sessions().snapshot().ended().getOrDefault(cause, 0L);
    }

    private double gauge(Metric metric) {
        return registry.get(metric.id()).gauge().value();
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
