package dev.livebridge.http;

import dev.livebridge.config.LivebridgeConfig;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Decides which web pages may connect, by the {@code Origin} header. Denies by default: any web page can open a
 * WebSocket to any host, so without this check a foreign page could use the operator's quota.
 */
@Singleton
public class OriginPolicy {

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

    /** Whether a request with this {@code Origin} is permitted. */
    public boolean permits(HttpServerRequest request, String header) {
        return permits(
                header,
                Objects.requireNonNullElse(request.scheme(), "http"),
                Objects.requireNonNullElse(request.getHeader("Host"), ""));
    }

    /**
     * Whether a request with this {@code Origin} is permitted.
     *
     * @param header the header's value
     * @param scheme the scheme of the connection, as far as the process can see
     * @param authority the request's {@code Host}, already checked against the configured hosts
     */
    public boolean permits(String header, String scheme, String authority) {
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
     * Whether the origin is the service's own; asked if no list is configured. If a proxy terminates TLS, the process
     * sees plain HTTP while the page's origin is {@code https}: the same host with {@code https} is accepted, too.
     */
    private static boolean isOwn(Origin origin, String scheme, String authority) {
        return (origin.scheme().equals(scheme) || origin.scheme().equals("https"))
                && Origin.parse(origin.scheme() + "://" + authority)
                        .filter(origin::equals)
                        .isPresent();
    }
}
