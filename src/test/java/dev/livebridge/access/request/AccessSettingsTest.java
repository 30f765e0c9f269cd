package dev.livebridge.access.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AccessSettingsTest {

    private static AccessSettings settings(LaunchMode mode, Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValues(values)
                .build();
        return new AccessSettings(
                config.getConfigMapping(LivebridgeConfig.class).access(), config, mode);
    }

    @Test
    void productionRefusesToStartWithoutAMode() {
        assertEquals(
                "livebridge.access.mode is not set: set LIVEBRIDGE_ACCESS_MODE=required to require API keys, tokens or a"
                        + " login, or LIVEBRIDGE_ACCESS_MODE=open to check addresses and origins only.",
                assertThrows(ConfigurationException.class, () -> settings(LaunchMode.NORMAL, Map.of()))
                        .getMessage());
    }

    @ParameterizedTest
    @EnumSource(
            value = LaunchMode.class,
            names = {"DEVELOPMENT", "TEST"})
    void developmentIsOpenWithoutAMode(LaunchMode mode) {
        assertFalse(settings(mode, Map.of()).required());
        assertTrue(settings(mode, Map.of("livebridge.access.mode", "required", "livebridge.access.anonymous", "true"))
                .required());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode=required | livebridge.access.mode is required, but no kind of caller is enabled: set",
                "mode=required oidc=true | quarkus.oidc.token.audience must name this service",
                "mode=required oidc=true quarkus.oidc.token.audience=any | quarkus.oidc.token.audience must name",
                "mode=required oidc=true quarkus.oidc.token.audience=lb |"
                        + " quarkus.oidc.auth-server-url or quarkus.oidc.public-key is needed",
                "mode=required oidc=true quarkus.oidc.token.audience=lb quarkus.oidc.public-key=x |"
                        + " quarkus.oidc.token.issuer is needed with quarkus.oidc.public-key",
                "mode=open ticket-lifetime=0s | livebridge.access.ticket-lifetime must be positive",
                "mode=open expiry-grace=0s | livebridge.access.expiry-grace must be positive",
                "mode=open expiry-warning=-1s | livebridge.access.expiry-warning must be positive",
            })
    void invalidSettingsStopTheStart(String values, String sentence) {
        Map<String, String> all = new HashMap<>();
        Stream.of(values.strip().split(" "))
                .map(value -> value.split("=", 2))
                .forEach(pair ->
                        all.put(pair[0].startsWith("quarkus") ? pair[0] : "livebridge.access." + pair[0], pair[1]));

        String message =
                String.valueOf(assertThrows(ConfigurationException.class, () -> settings(LaunchMode.NORMAL, all))
                        .getMessage());

        assertTrue(message.startsWith(sentence), message);
    }

    @Test
    void anUnknownModeStopsTheStart() {
        assertThrows(
                RuntimeException.class, () -> settings(LaunchMode.NORMAL, Map.of("livebridge.access.mode", "closed")));
    }
}
