package dev.livebridge.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * A web origin: scheme, host and port, compared exactly. Default ports are made explicit, so that
 * {@code https://a.example} and {@code https://a.example:443} are equal; nothing else is normalised away.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case; IPv6 in brackets
 * @param port always given
 */
public record Origin(String scheme, String host, int port) {

    /**
     * Reads an {@code Origin} header or a configured origin.
     *
     * @return nothing for {@code null}, opaque or malformed origins, for anything with a path, query or user, and for
     *     other schemes
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

    /** Whether the page came from this very machine. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }
}
