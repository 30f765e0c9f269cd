package dev.livebridge.management;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of operators' certificates are refused if TLS trusts all certificates or none. */
class OperatorCertificatesTest {

    private static final String NAMES = "livebridge.management.operator-certificates";
    private static final String TLS = "quarkus.management.tls-configuration-name";

    /** TLS configurations without a trust store. */
    private static final class WithoutTrust implements TlsConfigurationRegistry {

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return name.equals("port") ? Optional.of(new BaseTlsConfiguration() {}) : Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            throw new UnsupportedOperationException();
        }
    }

    private static OperatorCertificates certificates(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(LivebridgeConfig.class)
                .withDefaultValues(values)
                .build();
        return new OperatorCertificates(config.getConfigMapping(LivebridgeConfig.class), config, new WithoutTrust());
    }

    @Test
    void withoutNamesNoTlsIsNeeded() {
        assertFalse(certificates(Map.of()).configured());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "port"})
    void namesNeedATrustStore(String tls) {
        Map<String, String> values = new HashMap<>(Map.of(NAMES, "operator"));
        if (!tls.isEmpty()) {
            values.put(TLS, tls);
        }

        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> certificates(values));

        String sentence = String.valueOf(refused.getMessage());
        assertTrue(sentence.contains(NAMES) && sentence.contains(TLS), sentence);
    }
}
