package dev.livebridge.management;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.http.Authority;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The hosts that the management port accepts: {@code localhost}, any IP address (kubelet, Prometheus and other
 * instances use it; DNS rebinding needs a name), the host of {@code livebridge.instance.address}, and
 * {@code livebridge.management.hosts}.
 */
@Singleton
final class ManagementHosts {

    private final Set<String> names = new HashSet<>();

    /**
     * Reads the list.
     *
     * @throws ConfigurationException naming the entry that is not a host name
     */
    ManagementHosts(LivebridgeConfig config) {
        for (String name : config.management().hosts().orElse(List.of())) {
            names.add(Authority.parse(name)
                    .filter(host -> host.port() == 0)
                    .map(Authority::host)
                    .orElseThrow(() -> new ConfigurationException("livebridge.management.hosts: '" + name
                            + "' is not a host name; write it without scheme, port and path.")));
        }
        config.instance()
                .address()
                .map(address -> address.getHost())
                .ifPresent(host -> names.add(host.toLowerCase(Locale.ROOT)));
    }

    /** Whether a {@code Host} header names this port. */
    boolean contains(String header) {
        return Authority.parse(header)
                .filter(named -> named.needsNoNameServer() || names.contains(named.host()))
                .isPresent();
    }
}
