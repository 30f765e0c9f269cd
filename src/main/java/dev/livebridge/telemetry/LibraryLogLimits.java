package dev.livebridge.telemetry;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Limits log lines of libraries that any client can cause: a failed readiness probe, and a request whose handler fails,
 * with its stack trace.
 */
@Singleton
final class LibraryLogLimits {

    private static final long CHECK_MILLIS = 10_000;

    /** Loggers, and the subject of their lines. */
    private static final Map<String, String> LIMITED = Map.of(
            "io.smallrye.health", "failed health probes",
            "io.quarkus.vertx.http.runtime.QuarkusErrorHandler", "failed requests");

    private final Vertx vertx;

    /** Strong references: otherwise a logger that no library uses yet is garbage collected together with its filter. */
    private final Map<Logger, SampledLog> limits;

    LibraryLogLimits(Vertx vertx) {
        this.vertx = vertx;
        this.limits = LIMITED.entrySet().stream()
                .collect(Collectors.toMap(
                        limited -> Logger.getLogger(limited.getKey()),
                        limited -> new SampledLog(
                                limited.getValue(), Logger.getLogger(LibraryLogLimits.class.getName())::info)));
    }

    void onStart(@Observes StartupEvent event) {
        limits.forEach((logger, limit) -> logger.setFilter(written -> isBelowInfo(written) || limit.mayWrite()));
        vertx.setPeriodic(CHECK_MILLIS, _ -> limits.values().forEach(SampledLog::summarize));
    }

    /** What an operator has asked for by lowering the level. */
    private static boolean isBelowInfo(LogRecord record) {
        return record.getLevel().intValue() < Level.INFO.intValue();
    }
}
