package dev.livebridge.browser;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.http.Origin;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

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
     * Decides about an upgrade by its {@code Origin}.
     *
     * @param header the header's value
     * @param scheme the scheme of the connection, as far as the process can see
     * @param authority the request's {@code Host}, which is one of ours
     */
    boolean permits(String header, String scheme, String authority) {
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
                || (allowed.isEmpty() && isOwn(origin, scheme, authority));
    }

    /**
     * A page of ours, when no list says where pages come from. Over TLS that ends in front, the process sees plain HTTP
     * and the page's origin is {@code https}: the name is the same, and the better scheme is no reason to refuse.
     */
    private static boolean isOwn(Origin origin, String scheme, String authority) {
        return (origin.scheme().equals(scheme) || origin.scheme().equals("https"))
                && Origin.parse(origin.scheme() + "://" + authority)
                        .filter(origin::equals)
                        .isPresent();
    }
}
