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
 * Limits lines of libraries that anybody can cause by asking: a failed readiness probe is a line, and so is a request
 * on which a handler fails, with its stack trace.
 */
@Singleton
final class StrangersLog {

    private static final long CHECK_MILLIS = 10_000;

    /** Loggers, and what their lines tell. */
    private static final Map<String, String> LIMITED = Map.of(
            "io.smallrye.health", "failed health probes",
            "io.quarkus.vertx.http.runtime.QuarkusErrorHandler", "failed requests");

    private final Vertx vertx;

    /** Held here, or a logger that no library has asked for yet would be collected together with its filter. */
    private final Map<Logger, SampledLog> limits;

    StrangersLog(Vertx vertx) {
        this.vertx = vertx;
        this.limits = LIMITED.entrySet().stream()
                .collect(Collectors.toMap(
                        limited -> Logger.getLogger(limited.getKey()),
                        limited -> new SampledLog(
                                limited.getValue(), Logger.getLogger(StrangersLog.class.getName())::info)));
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
