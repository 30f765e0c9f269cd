package dev.livebridge.gemini;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LoopbackHost;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP proxy on the way to Gemini, the same for conversations and for the check of key and model. The setting
 * {@code livebridge.upstream.proxy} comes first; without it {@code HTTPS_PROXY} and {@code NO_PROXY} count, as for curl
 * and Go. The proxy opens a tunnel ({@code CONNECT}), in which TLS protects key and conversation. Unencrypted and
 * loopback targets never use a proxy.
 */
@Singleton
public class OutboundProxy {

    private static final Logger LOG = Logger.getLogger(OutboundProxy.class);
    private static final String SETTING = "livebridge.upstream.proxy";
    private static final String OFF = "none";
    private static final Set<String> ENCRYPTED = Set.of("https", "wss");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
    private static final int DEFAULT_PORT = 80;
    private static final int DEFAULT_TLS_PORT = 443;
    private static final int MAX_PORT = 65_535;

    private final @Nullable Proxy proxy;
    private final NoProxy exceptions;

    /**
     * A proxy.
     *
     * @param user {@code null} when it asks for none
     * @param password may be empty; a secret
     */
    record Proxy(String host, int port, @Nullable String user, String password) {

        /** Where it is; without the credentials. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * Reads the setting and the environment.
     *
     * @throws ConfigurationException when the proxy is not {@code http://[user:password@]host[:port]}, or an encrypted
     *     tunnel is impossible; the message does not show the value, which may hold a password
     */
    public OutboundProxy(LivebridgeConfig livebridge, Config config) {
        Optional<String> setting = livebridge.upstream().proxy().map(String::strip);
        if (setting.isPresent()) {
            proxy = setting.get().equalsIgnoreCase(OFF) ? null : parse(SETTING, setting.get());
            exceptions = NoProxy.parse("");
            if (proxy != null && !encrypted(livebridge.gemini().baseUri())) {
                throw new ConfigurationException(SETTING + " is set, but livebridge.gemini.base-uri is not encrypted: a"
                        + " proxy could read key and conversations. Use https.");
            }
            return;
        }
        // The configuration finds the name in lower and in upper case.
        proxy = config.getOptionalValue("https_proxy", String.class)
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .map(value -> parse("HTTPS_PROXY", value))
                .orElse(null);
        exceptions =
                NoProxy.parse(config.getOptionalValue("no_proxy", String.class).orElse(""));
        if (proxy == null && config.getOptionalValue("http_proxy", String.class).isPresent()) {
            LOG.info("HTTP_PROXY is not used: it is for plain HTTP, and Gemini is reached by HTTPS. Set HTTPS_PROXY or "
                    + SETTING + ".");
        }
    }

    /** The proxy on the way to this address, {@code null} when there is none. */
    @Nullable
    Proxy to(URI target) {
        String host = target.getHost();
        if (proxy == null || host == null || !encrypted(target) || LoopbackHost.matches(host)) {
            return null;
        }
        int port = target.getPort() == -1 ? DEFAULT_TLS_PORT : target.getPort();
        return exceptions.matches(host, port) ? null : proxy;
    }

    private static boolean encrypted(URI target) {
        return target.getScheme() != null
                && ENCRYPTED.contains(target.getScheme().toLowerCase(Locale.ROOT));
    }

    private static Proxy parse(String name, String text) {
        URI uri;
        try {
            uri = new URI(SCHEME.matcher(text).matches() ? text : "http://" + text);
        } catch (URISyntaxException e) {
            // Without the cause, whose message repeats the value.
            throw malformed(name);
        }
        boolean bare = (uri.getRawPath() == null
                        || uri.getRawPath().isEmpty()
                        || uri.getRawPath().equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !bare || uri.getPort() > MAX_PORT) {
            throw malformed(name);
        }
        String userInfo = uri.getRawUserInfo();
        int colon = userInfo == null ? -1 : userInfo.indexOf(':');
        return new Proxy(
                uri.getHost().startsWith("[")
                        ? uri.getHost().substring(1, uri.getHost().length() - 1)
                        : uri.getHost(),
                uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
                userInfo == null ? null : decoded(name, colon < 0 ? userInfo : userInfo.substring(0, colon)),
                userInfo == null || colon < 0 ? "" : decoded(name, userInfo.substring(colon + 1)));
    }

    private static String decoded(String name, String percentEncoded) {
        // A plus sign is literal here, not a space.
        String text = URLDecoder.decode(percentEncoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (text.chars().anyMatch(character -> character < ' ' || character == 127)) {
            throw malformed(name);
        }
        return text;
    }

    private static ConfigurationException malformed(String name) {
        return new ConfigurationException(
                name + " must be http://[user:password@]host[:port]; other kinds of proxies are not supported.");
    }
}
