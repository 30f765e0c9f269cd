package dev.livebridge.browser;

import dev.livebridge.config.LivebridgeConfig;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may talk through this service. Closed by default: any web page a person visits can open a WebSocket to
 * any host, so without this check their browser would spend the operator's quota for strangers.
 */
@Singleton
class OriginPolicy {

    private static final Logger LOG = Logger.getLogger(OriginPolicy.class);

    private final Set<Origin> allowed = new HashSet<>();
    private final boolean everyone;
    private final boolean loopback;

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException naming the entry that is not an origin
     */
    OriginPolicy(LivebridgeConfig config) {
        List<String> entries = config.browser().allowedOrigins().orElse(List.of());
        everyone = entries.contains("*");
        loopback = config.browser().allowLoopbackOrigins();
        for (String entry : entries) {
            if (!entry.equals("*")) {
                allowed.add(Origin.parse(entry)
                        .orElseThrow(() -> new IllegalArgumentException("livebridge.browser.allowed-origins: '" + entry
                                + "' is not an origin; write scheme://host or scheme://host:port, without a path")));
            }
        }
        if (everyone) {
            LOG.warn("livebridge.browser.allowed-origins is *: any web page may use this service");
        }
    }

    /**
     * Decides about an upgrade.
     *
     * @param header the {@code Origin} header, {@code null} when absent
     * @param scheme the request's own scheme
     * @param authority the request's {@code Host}
     * @param fromLoopback whether the client's address is on this machine
     */
    boolean permits(@Nullable String header, String scheme, @Nullable String authority, boolean fromLoopback) {
        if (header == null) {
            return fromLoopback;
        }
        if (everyone) {
            return true;
        }
        Optional<Origin> parsed = Origin.parse(header);
        if (parsed.isEmpty()) {
            return false;
        }
        Origin origin = parsed.get();
        return allowed.contains(origin)
                || (loopback && origin.isLoopback())
                || (authority != null
                        && Origin.parse(scheme + "://" + authority)
                                .filter(origin::equals)
                                .isPresent());
    }
}
