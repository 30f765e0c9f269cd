package dev.livebridge.telemetry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficLoggingTest {

    @ParameterizedTest
    @ValueSource(strings = {"server", "client"})
    void productionDoesNotStartWithIt(String side) {
        Config config = config(side, "true");

        ConfigurationException refusal =
                assertThrows(ConfigurationException.class, () -> TrafficLogging.refuse(config, LaunchMode.NORMAL));

        assertTrue(String.valueOf(refusal.getMessage())
                .startsWith("quarkus.websockets-next." + side + ".traffic-logging.enabled would write"));
    }

    @Test
    void developersMaySeeTheirOwnTraffic() {
        assertDoesNotThrow(() -> TrafficLogging.refuse(config("server", "true"), LaunchMode.DEVELOPMENT));
    }

    @Test
    void withoutItProductionStarts() {
        assertDoesNotThrow(() -> TrafficLogging.refuse(config("server", "false"), LaunchMode.NORMAL));
    }

    private static Config config(String side, String enabled) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("quarkus.websockets-next." + side + ".traffic-logging.enabled", enabled), "test", 100))
                .build();
    }
}
