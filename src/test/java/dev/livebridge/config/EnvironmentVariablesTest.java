package dev.livebridge.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {

    @Test
    void everySettingIsKnown() {
        assertTrue(ConfiguredProperties.variables().count() > 30);
        ConfiguredProperties.variables()
                .map(name -> name.replace("*", "GEMINI_3_8_LIVE"))
                .forEach(name -> assertDoesNotThrow(() -> new EnvironmentVariables(Map.of(name, "1")), name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LIVEBRIDGE_SESION_MAX",
                "LIVEBRIDGE_SESSION_MAX",
                "LIVEBRIDGE_SESSION_MAX_PER_INSTANCES",
                "LIVEBRIDGE_",
                "LIVEBRIDGE_PRICES",
                "LIVEBRIDGE_PRICES__GEMINI_3_8_LIVE__INPUT_TXT",
                "LIVEBRIDGE_SIMULATER_PORT",
                "_PROD_LIVEBRIDGE_SESION_MAX",
            })
    void aMisspeltOneStopsTheStartAndItsValueIsNotShown(String name) {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> new EnvironmentVariables(Map.of(name, "canary", "LIVEBRIDGE_SESSION_MAX_PER_INSTANCE", "3")));

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(name + ":"), message);
        assertFalse(message.contains("canary"), message);
        assertFalse(message.contains("MAX_PER_INSTANCE,"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "LIVEBRIDGE_SESSION_MAX_PER_POD, LIVEBRIDGE_SESSION_MAX_PER_INSTANCE",
        "LIVEBRIDGE_SESSION_QUEUE_BYTES_PER_POD, LIVEBRIDGE_SESSION_MEMORY_PER_INSTANCE",
    })
    void aRenamedOneStopsTheStartWithItsNewName(String name, String now) {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> new EnvironmentVariables(Map.of(name, "canary")));

        assertEquals(
                "There is no setting for " + name + " (now " + now
                        + "): see docs/configuration.md for the names of all.",
                refused.getMessage());
        assertDoesNotThrow(() -> new EnvironmentVariables(Map.of(now, "1")));
    }

    @Test
    void allOfThemAreNamedAtOnce() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> new EnvironmentVariables(Map.of("LIVEBRIDGE_B", "1", "LIVEBRIDGE_A", "2")));

        assertEquals(
                "There is no setting for LIVEBRIDGE_A, LIVEBRIDGE_B: see docs/configuration.md for the names of all.",
                refused.getMessage());
    }

    /** What Kubernetes adds for Services called livebridge, livebridge-canary and livebridge-2. */
    @ParameterizedTest
    @CsvSource({
        "LIVEBRIDGE_SERVICE_HOST, 10.0.0.11",
        "LIVEBRIDGE_SERVICE_PORT, 80",
        "LIVEBRIDGE_SERVICE_PORT_HTTP, 80",
        "LIVEBRIDGE_PORT, tcp://10.0.0.11:80",
        "LIVEBRIDGE_PORT, 'tcp://[fd00::1]:80'",
        "LIVEBRIDGE_PORT_80_TCP, tcp://10.0.0.11:80",
        "LIVEBRIDGE_PORT_9080_TCP_PROTO, tcp",
        "LIVEBRIDGE_PORT_9080_TCP_PORT, 9080",
        "LIVEBRIDGE_PORT_9080_TCP_ADDR, 10.0.0.11",
        "LIVEBRIDGE_CANARY_SERVICE_HOST, 10.0.0.12",
        "LIVEBRIDGE_2_PORT_53_UDP_ADDR, 10.0.0.12",
    })
    void serviceLinksAreLetBe(String name, String value) {
        assertDoesNotThrow(() -> new EnvironmentVariables(Map.of(name, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "GEMINI_API_KEY, x",
        "QUARKUS_HTTP_PORT, 1",
        "livebridge.session.max, 1",
        "MY_LIVEBRIDGE_X, 1",
        "LIVEBRIDGE_BROWSER_ALLOWED_ORIGINS_0_, https://a.example",
        "_PROD_LIVEBRIDGE_DRAIN_SPREAD, 1s",
        "LIVEBRIDGE_PRICES__GEMINI_3_8_LIVE__INPUT_TEXT, 1",
    })
    void othersAndOtherSpellingsAreLetBe(String name, String value) {
        assertDoesNotThrow(() -> new EnvironmentVariables(Map.of(name, value)));
    }
}
