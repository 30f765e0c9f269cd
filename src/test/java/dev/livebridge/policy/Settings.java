package dev.livebridge.policy;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** A policy from a few settings, by the real mapping. */
final class Settings {

    private Settings() {}

    static ClientPolicy policy(Map<String, String> settings) {
        return new ClientPolicy(new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(LivebridgeConfig.class));
    }
}
