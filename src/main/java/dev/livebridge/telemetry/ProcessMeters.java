package dev.livebridge.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Registers at the start the meters that every scrape has: the balanced session counters, and the carriers of virtual
 * threads where the runtime reports them.
 */
@Singleton
class ProcessMeters {

    // The registry type of this Quarkus version. Its collector registry is not injectable: each injection gets another
    // one.
    @SuppressWarnings("deprecation")
    void onStart(@Observes StartupEvent event, Meters meters, MeterRegistry registry, PrometheusMeterRegistry scraped) {
        scraped.getPrometheusRegistry().register(meters.sessions());
        registerScheduler(registry, PlatformBeans.find(VirtualThreadSchedulerMXBean.class));
    }

    /** No GraalVM of version 25 has the bean (oracle/graal#12802); without it there are no such series. */
    static void registerScheduler(MeterRegistry registry, Optional<VirtualThreadSchedulerMXBean> bean) {
        bean.ifPresent(scheduler -> {
            Metric.VIRTUAL_THREADS_MOUNTED.gauge(registry, scheduler::getMountedVirtualThreadCount);
            Metric.VIRTUAL_THREADS_QUEUED.gauge(registry, scheduler::getQueuedVirtualThreadCount);
            Metric.VIRTUAL_THREADS_PARALLELISM.gauge(registry, scheduler::getParallelism);
        });
    }
}
