package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * The trusted certificates for connections to Gemini, the same for conversations and for the check of key and model:
 * the TLS configuration that {@code livebridge.upstream.tls} names, or Quarkus' default one where that names
 * certificates to trust, or the Java runtime's.
 */
@Singleton
public class UpstreamTls {

    private static final String DEFAULT = "<default>";
    private static final String SOCKETS_ONLY = "quarkus.websockets-next.client.tls-configuration-name";

    private final TlsConfigurationRegistry registry;
    private final @Nullable String name;

    /**
     * Looks the configuration up.
     *
     * @throws ConfigurationException when the named one does not exist
     */
    public UpstreamTls(LivebridgeConfig livebridge, Config config, TlsConfigurationRegistry registry) {
        this.registry = registry;
        Optional<String> named = livebridge
                .upstream()
                .tls()
                .or(() -> config.getOptionalValue(SOCKETS_ONLY, String.class))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
        if (named.isPresent() && registry.get(named.get()).isEmpty()) {
            throw new ConfigurationException(
                    "livebridge.upstream.tls names a TLS configuration that does not exist: set" + " quarkus.tls.\""
                            + named.get() + "\".trust-store.pem.certs.");
        }
        boolean defaultTrusts = registry.getDefault()
                .filter(standard -> standard.getTrustStoreOptions() != null || standard.isTrustAll())
                .isPresent();
        name = named.orElse(defaultTrusts ? DEFAULT : null);
    }

    /** The name of the configuration, {@code null} when the Java runtime decides. */
    @Nullable
    String name() {
        return name;
    }

    /** The configuration as it is now, nothing when the Java runtime decides. */
    Optional<TlsConfiguration> configuration() {
        if (name == null) {
            return Optional.empty();
        }
        return name.equals(DEFAULT) ? registry.getDefault() : registry.get(name);
    }
}
