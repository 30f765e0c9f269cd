package dev.livebridge.telemetry;

import dev.livebridge.config.ReloadedFiles;
import dev.livebridge.config.SecretFile;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

/** Registers at the start a gauge for each file that the service reads again when it changes. */
@Singleton
class FileMeters {

    void onStart(@Observes StartupEvent event, Instance<ReloadedFiles> beans, MeterRegistry registry) {
        for (ReloadedFiles bean : beans) {
            register(registry, bean);
        }
    }

    /** A scrape looks at the file, so a broken one shows before its content is needed. */
    static void register(MeterRegistry registry, ReloadedFiles bean) {
        for (SecretFile<?> file : bean.reloadedFiles()) {
            Metric.SETTINGS_FILE_VALID.gauge(registry, () -> file.upToDate() ? 1 : 0, file.setting());
        }
    }
}
