package dev.livebridge.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** Registers at the start what is there from the first scrape on: the balanced session counters, and the carriers. */
@Singleton
class ProcessMeters {

    private final VirtualThreadSchedulerMXBean scheduler =
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

    void onStart(@Observes StartupEvent event, Meters meters, MeterRegistry registry, CollectorRegistry scraped) {
        scraped.register(meters.sessions());
        Metric.VIRTUAL_THREADS_MOUNTED.gauge(registry, scheduler::getMountedVirtualThreadCount);
        Metric.VIRTUAL_THREADS_QUEUED.gauge(registry, scheduler::getQueuedVirtualThreadCount);
        Metric.VIRTUAL_THREADS_PARALLELISM.gauge(registry, scheduler::getParallelism);
    }
}
