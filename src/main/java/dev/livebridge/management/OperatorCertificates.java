package dev.livebridge.management;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.http.HttpConnection;
import jakarta.inject.Singleton;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes the client certificates of operators: the management port's TLS configuration trusts them, and they have
 * one of the names in {@code livebridge.management.operator-certificates}.
 */
@Singleton
final class OperatorCertificates {

    private static final String PROPERTY = "livebridge.management.operator-certificates";
    private static final String TLS = "quarkus.management.tls-configuration-name";

    /** Types of an alternative name in RFC 5280, section 4.2.1.6. */
    private static final Set<Integer> DNS_OR_URI = Set.of(2, 6);

    private final Set<String> names;

    /**
     * Reads the names.
     *
     * @throws ConfigurationException if names are configured, but no TLS configuration with a trust store
     */
    OperatorCertificates(LivebridgeConfig config, Config settings, TlsConfigurationRegistry registry) {
        names = Set.copyOf(config.management().operatorCertificates().orElse(List.of()));
        if (names.isEmpty()) {
            return;
        }
        String tls = settings.getOptionalValue(TLS, String.class).orElse("");
        Optional<TlsConfiguration> configuration = tls.isEmpty() ? Optional.empty() : registry.get(tls);
        // Without a trust store, certificates of every public authority would be accepted.
        if (configuration.filter(trust -> trust.getTrustStoreOptions() != null).isEmpty()) {
            throw new ConfigurationException(
                    PROPERTY + " needs " + TLS + " to name a TLS configuration with a key store and a trust store.");
        }
    }

    /** Whether names are configured. */
    boolean configured() {
        return !names.isEmpty();
    }

    /** Whether the peer of a connection has an operator's certificate. TLS has verified it. */
    boolean prove(HttpConnection connection) {
        SSLSession session = connection.sslSession();
        if (names.isEmpty() || session == null) {
            return false;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate && isNamed(certificate);
        } catch (SSLPeerUnverifiedException _) {
            // The client has no certificate.
            return false;
        }
    }

    private boolean isNamed(X509Certificate certificate) {
        return namesOf(certificate).stream().anyMatch(names::contains);
    }

    /** The common name and the alternative names that are host names or URIs. */
    private static List<String> namesOf(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        try {
            new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .forEach(part -> found.add(part.getValue().toString()));
            @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(name -> name.getFirst() instanceof Integer type && DNS_OR_URI.contains(type))
                        .forEach(name -> found.add(String.valueOf(name.get(1))));
            }
        } catch (InvalidNameException | CertificateParsingException _) {
            // A certificate with invalid names is not accepted.
            return List.of();
        }
        return found;
    }
}
