package dev.livebridge.http;

import dev.livebridge.config.LoopbackHost;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * A web origin: scheme, host and port, compared exactly. Default ports are made explicit, so that
 * {@code https://a.example} and {@code https://a.example:443} are equal; there is no other normalization.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case; IPv6 in brackets
 * @param port never absent
 */
public record Origin(String scheme, String host, int port) {

    /**
     * Reads an {@code Origin} header or a configured origin.
     *
     * @return empty for {@code null}, opaque or malformed origins, origins with a path, query or user, and other
     *     schemes
     */
    public static Optional<Origin> parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String scheme = uri.getScheme();
        String host = uri.getHost();
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null || uri.getRawPath().isEmpty());
        if (scheme == null || host == null || !bare) {
            return Optional.empty();
        }
        scheme = scheme.toLowerCase(Locale.ROOT);
        int port = uri.getPort();
        return switch (scheme) {
            case "http" -> Optional.of(new Origin(scheme, host.toLowerCase(Locale.ROOT), port == -1 ? 80 : port));
            case "https" -> Optional.of(new Origin(scheme, host.toLowerCase(Locale.ROOT), port == -1 ? 443 : port));
            default -> Optional.empty();
        };
    }

    /** {@code scheme://host:port}. */
    public String text() {
        return scheme + "://" + host + ":" + port;
    }

    /** Whether the host is a loopback host. */
    public boolean isLoopback() {
        return LoopbackHost.matches(host);
    }
}
