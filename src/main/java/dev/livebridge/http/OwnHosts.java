package dev.livebridge.http;

import dev.livebridge.config.LivebridgeConfig;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The hosts under which the service is reached. A page whose name server points its host name at this service
 * ({@code https://en.wikipedia.org/wiki/DNS_rebinding}) counts as same-origin for the browser; the name in its
 * {@code Host} header gives it away.
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

    /** Whether a request to this host is meant for this service. */
    boolean contain(Authority named) {
        return configured.isEmpty()
                ? named.needsNoNameServer()
                : configured.contains(named) || configured.contains(new Authority(named.host(), 0));
    }
}
