package dev.livebridge.telemetry;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Which of Quarkus' own meters are left out. */
class MeterFilters {

    /** Two groups of event loops register the same name; the second is ignored, with a warning at every start. */
    @Produces
    @Singleton
    MeterFilter withoutEventLoops() {
        return MeterFilter.denyNameStartsWith("netty.eventexecutor");
    }

    /** The servers of both ports register the same names; the second is ignored, with a warning at every start. */
    @Produces
    @Singleton
    MeterFilter withoutHttpConnections() {
        return MeterFilter.denyNameStartsWith("vertx.http.connections");
    }

    /** As {@link #withoutHttpConnections}; the first server is any of both. */
    @Produces
    @Singleton
    MeterFilter withoutActiveConnections() {
        return MeterFilter.denyNameStartsWith("http.server.active.connections");
    }

    /**
     * A method is any word of up to a request line, so each would be a time series of its own, for ever. Such requests
     * are refused and counted by {@code livebridge.requests.refused}. Denied and not renamed: a registry remembers each
     * name that a filter has changed, but not the ones it has denied.
     */
    @Produces
    @Singleton
    MeterFilter withoutUnknownMethods() {
        return MeterFilter.deny(id -> {
            String method = id.getTag("method");
            return method != null && id.getName().startsWith("http.server") && !HttpLabels.METHODS.contains(method);
        });
    }
}
