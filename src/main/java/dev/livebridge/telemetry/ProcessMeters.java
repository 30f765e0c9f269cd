package dev.livebridge.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
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

    // The registry that Quarkus has at this version. Its collectors can't be injected: everybody gets others.
    @SuppressWarnings("deprecation")
    void onStart(@Observes StartupEvent event, Meters meters, MeterRegistry registry, PrometheusMeterRegistry scraped) {
        scraped.getPrometheusRegistry().register(meters.sessions());
        Metric.VIRTUAL_THREADS_MOUNTED.gauge(registry, scheduler::getMountedVirtualThreadCount);
        Metric.VIRTUAL_THREADS_QUEUED.gauge(registry, scheduler::getQueuedVirtualThreadCount);
        Metric.VIRTUAL_THREADS_PARALLELISM.gauge(registry, scheduler::getParallelism);
    }
}
