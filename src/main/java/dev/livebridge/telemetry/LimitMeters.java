package dev.livebridge.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.BooleanSupplier;

/** What becomes of limits: denials, warnings, and a shared store that does not answer. */
@Singleton
public class LimitMeters {

    private final MeterRegistry registry;

    /** @param registry the process's registry */
    public LimitMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts a conversation that found a limit reached; both labels are of a closed set. */
    public void denied(String scope, String kind) {
        Metric.LIMITS_DENIED.counter(registry, scope, kind).increment();
    }

    /** Counts a warning that most of a budget is used. */
    public void warned(String scope) {
        Metric.BUDGET_WARNINGS.counter(registry, scope).increment();
    }

    /** Names a scope before its first warning, which an alert could not tell from nothing otherwise. */
    public void expectWarnings(String scope) {
        Metric.BUDGET_WARNINGS.counter(registry, scope);
    }

    /** Counts a question that the shared store did not answer. */
    public void storeFailed() {
        Metric.LIMIT_STORE_FAILURES.counter(registry).increment();
    }

    /** Registers the gauge of the shared store. */
    public void observeStore(BooleanSupplier available) {
        Metric.LIMIT_STORE_AVAILABLE.gauge(registry, () -> available.getAsBoolean() ? 1 : 0);
        Metric.LIMIT_STORE_FAILURES.counter(registry);
    }
}
