package dev.livebridge.telemetry;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Refuses to start in production with Quarkus' traffic logging, which logs the content of conversations. */
@Singleton
class TrafficLogging {

    private static final List<String> SWITCHES = List.of(
            "quarkus.websockets-next.server.traffic-logging.enabled",
            "quarkus.websockets-next.client.traffic-logging.enabled");

    private final Config config;

    TrafficLogging(Config config) {
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        refuse(config, LaunchMode.current());
    }

    static void refuse(Config config, LaunchMode mode) {
        if (mode == LaunchMode.NORMAL) {
            for (String property : SWITCHES) {
                if (config.getOptionalValue(property, Boolean.class).orElse(false)) {
                    throw new ConfigurationException(
                            property + " would write what people say into the log: switch it off.");
                }
            }
        }
    }
}
