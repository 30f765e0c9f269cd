package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "http://localhost:9080, http, localhost:9080, true",
        "http://localhost, http, localhost, true",
        "https://live.example.com, https, live.example.com, true",
        // TLS ends in front of the process.
        "https://live.example.com, http, live.example.com, true",
        "https://live.example.com:8443, http, live.example.com:8443, true",
        "http://live.example.com, https, live.example.com, false",
        "http://localhost:9081, http, localhost:9080, false",
        "http://evil.example, http, localhost:9080, false",
        "null, http, localhost:9080, false",
        "'', http, localhost:9080, false",
        "file://, http, localhost:9080, false",
        "http://localhost:9080, http, '', false"
    })
    void withoutAListTheOwnPagesMayTalk(String origin, String scheme, String host, boolean permitted) {
        assertEquals(permitted, policy(Map.of()).permits(origin, scheme, host));
    }

    @ParameterizedTest
    @CsvSource({
        "https://live.example.com, true",
        "http://live.example.com, false",
        "https://live.example.com:8443, false",
        "http://localhost:9080, false",
        "https://other.example.com, false"
    })
    void withAListTheListAloneDecides(String origin, boolean permitted) {
        OriginPolicy policy = policy(Map.of("livebridge.browser.allowed-origins", "https://live.example.com"));

        // The service's own host in each case: TLS ends in front, so the process sees plain HTTP.
        String host = origin.substring(origin.indexOf("//") + 2);
        assertEquals(permitted, policy.permits(origin, "http", host));
    }

    @ParameterizedTest
    @CsvSource({"http://localhost:8000, true", "http://127.0.0.1:1, true", "http://live.example.com, false"})
    void loopbackBesideAListNeedsItsOwnSwitch(String origin, boolean permitted) {
        OriginPolicy policy = policy(Map.of(
                "livebridge.browser.allowed-origins", "https://live.example.com",
                "livebridge.browser.allow-loopback-origins", "true"));

        assertEquals(permitted, policy.permits(origin, "http", "live.example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live.example.com", "https://live.example.com/", "ws://live.example.com", "null"})
    void aListOfSomethingElseIsRefusedByName(String entry) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> policy(Map.of("livebridge.browser.allowed-origins", entry)));

        assertTrue(String.valueOf(refusal.getMessage())
                .startsWith("livebridge.browser.allowed-origins: '" + entry + "' is not an origin"));
    }

    private static OriginPolicy policy(Map<String, String> settings) {
        return new OriginPolicy(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .build()
                .getConfigMapping(LivebridgeConfig.class));
    }
}
