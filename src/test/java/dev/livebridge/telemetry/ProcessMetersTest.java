package dev.livebridge.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.PlatformManagedObject;
import java.lang.management.RuntimeMXBean;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aRuntimeWithoutTheSchedulersBeanHasNoSuchSeries() {
        // When
        ProcessMeters.registerScheduler(registry, Optional.empty());

        // Then
        assertEquals(Set.of(), registered());
    }

    @Test
    void theSchedulersBeanBecomesThreeGauges() {
        // Given
        Optional<VirtualThreadSchedulerMXBean> bean = PlatformBeans.find(VirtualThreadSchedulerMXBean.class);

        // When
        ProcessMeters.registerScheduler(registry, bean);

        // Then
        assertEquals(
                Set.of(
                        "livebridge.virtual.threads.mounted",
                        "livebridge.virtual.threads.queued",
                        "livebridge.virtual.threads.parallelism"),
                registered());
        assertEquals(
                bean.orElseThrow().getParallelism(),
                registry.get("livebridge.virtual.threads.parallelism").gauge().value());
    }

    /** The JVM refuses an unknown interface with the same exception as a native executable the scheduler's. */
    @Test
    void anInterfaceThatIsNoneOfThePlatformIsAbsent() {
        assertTrue(PlatformBeans.find(RuntimeMXBean.class).isPresent());
        assertEquals(Optional.empty(), PlatformBeans.find(UnknownMXBean.class));
    }

    private Set<String> registered() {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .collect(Collectors.toSet());
    }

    private interface UnknownMXBean extends PlatformManagedObject {
        @Override
        ObjectName getObjectName();
    }
}
