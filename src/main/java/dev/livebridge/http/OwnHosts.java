package dev.livebridge.http;

import dev.livebridge.config.LivebridgeConfig;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The host names of the service. Protects against DNS rebinding ({@code https://en.wikipedia.org/wiki/DNS_rebinding}):
 * the browser treats a foreign page whose host name resolves to this service as same-origin, but its {@code Host}
 * header holds the foreign name.
 */
@Singleton
final class OwnHosts {

    private final Set<Authority> configured = new HashSet<>();

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException naming the entry that is not a host
     */
    OwnHosts(LivebridgeConfig config) {
        for (String entry : config.browser().hosts().orElse(List.of())) {
            configured.add(Authority.parse(entry)
                    .orElseThrow(() -> new IllegalArgumentException("livebridge.browser.hosts: '" + entry
                            + "' is not a host; write host or host:port, without a scheme and a path")));
        }
    }

    /** Whether this host is the service's own. */
    boolean contain(Authority named) {
        return configured.isEmpty()
                ? named.needsNoNameServer()
                : configured.contains(named) || configured.contains(new Authority(named.host(), 0));
    }
}
