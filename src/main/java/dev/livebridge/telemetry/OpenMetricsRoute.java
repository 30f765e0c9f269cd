package dev.livebridge.telemetry;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers {@code /q/metrics} in OpenMetrics if the request accepts it and tracing is on: only that format has
 * exemplars. Quarkus' own handler refuses a request that accepts OpenMetrics alone, and answers Prometheus, which
 * accepts both, with the text format.
 */
@Singleton
@SuppressWarnings(
        "deprecation") // the registry of Micrometer that this Quarkus brings; the next one is of another package
class OpenMetricsRoute {

    private static final String PATH = "/q/metrics";

    private final PrometheusMeterRegistry registry;
    private final boolean off;

    OpenMetricsRoute(
            PrometheusMeterRegistry registry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "true") boolean off) {
        this.registry = registry;
        this.off = off;
    }

    void register(@Observes ManagementInterface management) {
        if (!off) {
            management.router().get(PATH).order(Integer.MIN_VALUE).handler(this::answer);
        }
    }

    private void answer(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        if (accept == null || !accept.contains("application/openmetrics-text")) {
            request.next();
            return;
        }
        request.response()
                .putHeader("Content-Type", TextFormat.CONTENT_TYPE_OPENMETRICS_100)
                .end(registry.scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100));
    }
}
