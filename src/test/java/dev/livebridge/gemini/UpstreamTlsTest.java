package dev.livebridge.gemini;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamTlsTest {

    /** TLS configurations by name, without files behind them. */
    private static final class Registry implements TlsConfigurationRegistry {

        private final Map<String, TlsConfiguration> named = new HashMap<>();

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.ofNullable(named.get(name));
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return get("<default>");
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {
            named.put(name, configuration);
        }
    }

    /** A configuration that trusts a certificate, or none in particular. */
    private static final class Trust extends BaseTlsConfiguration {

        private final @Nullable TrustOptions trust;

        Trust(boolean certificate) {
            trust = certificate ? new PemTrustOptions().addCertPath("/ca.pem") : null;
        }

        @Override
        public @Nullable TrustOptions getTrustStoreOptions() {
            return trust;
        }
    }

    private final Registry registry = new Registry();

    private UpstreamTls tls(Map<String, String> settings) {
        SmallRyeConfig config = Settings.of(settings);
        return new UpstreamTls(config.getConfigMapping(LivebridgeConfig.class), config, registry);
    }

    @Test
    void withoutAnyTheRuntimeDecides() {
        registry.register("<default>", new Trust(false));
        registry.register("other", new Trust(true));

        UpstreamTls tls = tls(Map.of());

        assertNull(tls.name());
        assertEquals(Optional.empty(), tls.configuration());
    }

    @Test
    void theDefaultOneCountsWhenItNamesCertificates() {
        Trust trust = new Trust(true);
        registry.register("<default>", trust);

        UpstreamTls tls = tls(Map.of());

        assertEquals("<default>", tls.name());
        assertEquals(Optional.of(trust), tls.configuration());
    }

    @Test
    void theNamedOneComesFirst() {
        Trust trust = new Trust(true);
        registry.register("<default>", new Trust(true));
        registry.register("company", trust);

        for (String setting :
                new String[] {"livebridge.upstream.tls", "quarkus.websockets-next.client.tls-configuration-name"}) {
            UpstreamTls tls = tls(Map.of(setting, " company "));

            assertEquals("company", tls.name());
            assertEquals(Optional.of(trust), tls.configuration());
        }
    }

    @Test
    void aNameThatDoesNotExistStopsTheStart() {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> tls(Map.of("livebridge.upstream.tls", "company")));

        assertEquals(
                "livebridge.upstream.tls names a TLS configuration that does not exist: set"
                        + " quarkus.tls.\"company\".trust-store.pem.certs.",
                refused.getMessage());
    }
}
