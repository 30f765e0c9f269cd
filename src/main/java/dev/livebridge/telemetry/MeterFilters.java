package dev.livebridge.telemetry;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Which of Quarkus' own meters are left out. */
class MeterFilters {

    /** Two groups of event loops report under one name: only one is heard, with a warning at every start. */
    @Produces
    @Singleton
    MeterFilter withoutEventLoops() {
        return MeterFilter.denyNameStartsWith("netty.eventexecutor");
    }
}
