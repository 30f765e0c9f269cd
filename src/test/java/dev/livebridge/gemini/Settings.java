package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** Configuration for tests without Quarkus: the real mapping over a few values. */
final class Settings {

    private Settings() {}

    static SmallRyeConfig of(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValues(values)
                .build();
    }

    static LivebridgeConfig livebridge(Map<String, String> values) {
        return of(values).getConfigMapping(LivebridgeConfig.class);
    }

    /** The catalogue on a day on which all of its models are served. */
    static ModelCatalogue catalogue() {
        return catalogue("2026-11-01", Map.of());
    }

    static ModelCatalogue catalogue(String today, Map<String, String> values) {
        return new ModelCatalogue(
                livebridge(values).models(), Clock.fixed(Instant.parse(today + "T12:00:00Z"), ZoneOffset.UTC));
    }

    static Credentials credentials(Map<String, String> values) {
        SmallRyeConfig config = of(values);
        return new Credentials(config.getConfigMapping(LivebridgeConfig.class), config);
    }
}
