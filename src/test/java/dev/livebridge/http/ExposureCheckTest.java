package dev.livebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Backend;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureCheckTest {

    /** The default settings. */
    private static final Map<String, String> DELIVERED = Map.of(
            "quarkus.http.host", "0.0.0.0",
            "quarkus.http.idle-timeout", "60s",
            "quarkus.http.limits.max-connections", "3000",
            "livebridge.session.ping-interval", "20s");

    @Test
    void theDeliveredSettingsStart() {
        assertEquals(List.of(), warnings(Map.of("livebridge.browser.hosts", "live.example.com"), LaunchMode.NORMAL));
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.proxy.proxy-address-forwarding, true",
        "quarkus.http.proxy.allow-forwarded, true",
        "quarkus.http.proxy.allow-x-forwarded, true",
        "quarkus.http.proxy.enable-forwarded-host, true",
        "quarkus.http.proxy.enable-forwarded-prefix, true",
        "quarkus.http.proxy.enable-trusted-proxy-header, true",
        "quarkus.management.proxy.proxy-address-forwarding, true",
        "quarkus.management.proxy.enable-forwarded-host, true"
    })
    void forwardedHeadersNeedTrustedProxies(String property, String value) {
        String server = property.substring(0, property.lastIndexOf('.') + 1);

        assertEquals(
                property + " lets every client choose its own address: set " + server
                        + "trusted-proxies to the addresses of the proxies, or turn it off.",
                refusal(Map.of(property, value)));
        assertEquals(
                List.of(),
                warnings(
                        Map.of(
                                property,
                                value,
                                server + "trusted-proxies",
                                "10.1.2.3",
                                "livebridge.browser.hosts",
                                "a"),
                        LaunchMode.NORMAL));
    }

    @Test
    void theEnvironmentsSpellingCountsToo() {
        SmallRyeConfig settings = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(Map.of("QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING", "true"), 300))
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .build();

        ConfigurationException refusal = assertThrows(
                ConfigurationException.class,
                () -> ExposureCheck.check(
                        settings,
                        settings.getConfigMapping(LivebridgeConfig.class),
                        Backend.GEMINI,
                        LaunchMode.NORMAL));

        assertTrue(message(refusal).startsWith("quarkus.http.proxy.proxy-address-forwarding lets"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "10.0.0.1,::/0"})
    void everybodyIsNoTrustedProxy(String networks) {
        assertTrue(refusal(Map.of(
                        "quarkus.http.proxy.proxy-address-forwarding",
                        "true",
                        "quarkus.http.proxy.trusted-proxies",
                        networks))
                .contains("trusts every client"));
    }

    @Test
    void twoKindsOfForwardedHeadersMustAgree() {
        Map<String, String> both = Map.of(
                "quarkus.http.proxy.proxy-address-forwarding", "true",
                "quarkus.http.proxy.trusted-proxies", "10.0.0.1",
                "quarkus.http.proxy.allow-forwarded", "true",
                "quarkus.http.proxy.allow-x-forwarded", "true",
                "quarkus.http.proxy.strict-forwarded-control", "false");

        assertTrue(refusal(both).endsWith("keep one."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loopback", "10.0.0.0/8", "10.0.0.1"})
    void theProxyProtocolDoesNotMixWithTrustInAddresses(String clients) {
        assertTrue(refusal(Map.of(
                        "quarkus.http.proxy.use-proxy-protocol",
                        "true",
                        "livebridge.browser.clients-without-origin",
                        clients))
                .startsWith("quarkus.http.proxy.use-proxy-protocol lets every client choose"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.5", "livebridge.internal"})
    void anyPageMayNotUseAKeyThatOthersReach(String listen) {
        assertTrue(refusal(Map.of("quarkus.http.host", listen, "livebridge.browser.allowed-origins", "*"))
                .startsWith("livebridge.browser.allowed-origins is * while the backend is Gemini"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void anyPageMayUseWhatOnlyThisMachineReaches(String listen) {
        assertEquals(
                List.of(),
                warnings(
                        Map.of("quarkus.http.host", listen, "livebridge.browser.allowed-origins", "*"),
                        LaunchMode.NORMAL));
    }

    @Test
    void anyPageMayTalkWithTheSimulator() {
        assertEquals(
                List.of(),
                check(Map.of("livebridge.browser.allowed-origins", "*"), Backend.SIMULATOR, LaunchMode.NORMAL));
    }

    @Test
    void programsWithoutOriginAreAWarning() {
        List<String> warnings = warnings(
                Map.of(
                        "livebridge.browser.clients-without-origin",
                        "all",
                        "livebridge.browser.hosts",
                        "live.example.com"),
                LaunchMode.NORMAL);

        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().startsWith("livebridge.browser.clients-without-origin is all"));
    }

    @Test
    void aServiceWithoutANameIsAWarning() {
        List<String> warnings = warnings(Map.of(), LaunchMode.NORMAL);

        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("livebridge.browser.hosts"));
    }

    @Test
    void conversationsNeedConnections() {
        assertEquals(
                "quarkus.http.limits.max-connections is 1000, but livebridge.session.max-per-instance needs 1000 connections"
                        + " for sessions alone: raise the first or lower the second.",
                refusal(Map.of("quarkus.http.limits.max-connections", "1000")));
    }

    @ParameterizedTest
    @CsvSource({"39s, 20s", "1s, 20s", "60s, 0s", "60s, 31s"})
    void silentConversationsOutliveTheIdleTimeout(String idle, String ping) {
        assertTrue(refusal(Map.of("quarkus.http.idle-timeout", idle, "livebridge.session.ping-interval", ping))
                .contains("would close idle sessions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEVELOPMENT", "TEST"})
    void developersMayDoAsTheyLike(LaunchMode mode) {
        Map<String, String> everything = Map.of(
                "livebridge.browser.allowed-origins", "*",
                "quarkus.http.proxy.proxy-address-forwarding", "true",
                "quarkus.http.limits.max-connections", "1");

        assertEquals(List.of(), warnings(everything, mode));
    }

    private static String refusal(Map<String, String> settings) {
        return message(assertThrows(ConfigurationException.class, () -> warnings(settings, LaunchMode.NORMAL)));
    }

    private static String message(Exception exception) {
        return Objects.requireNonNull(exception.getMessage());
    }

    private static List<String> warnings(Map<String, String> settings, LaunchMode mode) {
        return check(settings, Backend.GEMINI, mode);
    }

    private static List<String> check(Map<String, String> changed, Backend backend, LaunchMode mode) {
        Map<String, String> properties = new HashMap<>(DELIVERED);
        properties.putAll(changed);
        SmallRyeConfig settings = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .build();
        return ExposureCheck.check(settings, settings.getConfigMapping(LivebridgeConfig.class), backend, mode);
    }
}
