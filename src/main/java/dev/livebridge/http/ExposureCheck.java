package dev.livebridge.http;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.config.LivebridgeConfig.Backend;
import dev.livebridge.gemini.BackendChoice;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Refuses to start in production with settings that disable access control unintentionally; the error says in one
 * sentence what to set instead. Settings that are risky but may be intended cause a warning.
 */
@Singleton
final class ExposureCheck {

    private static final Logger LOG = Logger.getLogger(ExposureCheck.class);

    private static final List<String> SERVERS = List.of("quarkus.http.proxy.", "quarkus.management.proxy.");

    /** Settings by which a request header replaces the client's address or the requested host. */
    private static final List<String> FORWARDING = List.of(
            "proxy-address-forwarding",
            "allow-forwarded",
            "allow-x-forwarded",
            "enable-forwarded-host",
            "enable-forwarded-prefix",
            "enable-trusted-proxy-header");

    private final Config settings;
    private final LivebridgeConfig config;
    private final BackendChoice backend;

    ExposureCheck(Config settings, LivebridgeConfig config, BackendChoice backend) {
        this.settings = settings;
        this.config = config;
        this.backend = backend;
    }

    void onStart(@Observes StartupEvent event) {
        check(settings, config, backend.backend(), LaunchMode.current()).forEach(LOG::warn);
    }

    /**
     * Checks all settings.
     *
     * @return warnings
     * @throws ConfigurationException with one sentence about the first invalid setting
     */
    static List<String> check(Config settings, LivebridgeConfig config, Backend backend, LaunchMode mode) {
        if (mode != LaunchMode.NORMAL) {
            return List.of();
        }
        SERVERS.forEach(server -> checkForwarding(settings, server));
        checkProxyProtocol(settings, config);
        checkConnections(settings, config);
        boolean exposesKey = backend == Backend.GEMINI && isReachable(settings);
        if (exposesKey && config.browser().allowedOrigins().orElse(List.of()).contains("*")) {
            throw new ConfigurationException("livebridge.browser.allowed-origins is * while the backend is Gemini and"
                    + " other machines can connect, so any web page could use the API key: list the origins.");
        }
        return exposesKey ? warnings(config) : List.of();
    }

    private static void checkForwarding(Config settings, String server) {
        List<String> trusted = settings.getOptionalValues(server + "trusted-proxies", String.class)
                .orElse(List.of());
        for (String forwarding : FORWARDING) {
            if (isOn(settings, server + forwarding) && trusted.isEmpty()) {
                throw new ConfigurationException(server + forwarding + " lets every client choose its own address: set "
                        + server + "trusted-proxies to the addresses of the proxies, or turn it off.");
            }
        }
        trusted.stream().filter(network -> network.endsWith("/0")).findFirst().ifPresent(network -> {
            throw new ConfigurationException(server + "trusted-proxies: " + network
                    + " trusts every client; list the addresses of the proxies.");
        });
        if (isOn(settings, server + "allow-forwarded")
                && isOn(settings, server + "allow-x-forwarded")
                && !settings.getOptionalValue(server + "strict-forwarded-control", Boolean.class)
                        .orElse(true)) {
            throw new ConfigurationException(server + "allow-forwarded and " + server + "allow-x-forwarded are both on"
                    + " without strict-forwarded-control, so a client can send the one that the proxy does not"
                    + " overwrite: keep one.");
        }
    }

    /** The PROXY protocol has no trusted senders: every client that reaches the port can send its header. */
    private static void checkProxyProtocol(Config settings, LivebridgeConfig config) {
        boolean byAddress = config.browser().clientsWithoutOrigin().stream()
                .anyMatch(entry -> !entry.equals("none") && !entry.equals("all"));
        if (isOn(settings, "quarkus.http.proxy.use-proxy-protocol") && byAddress) {
            throw new ConfigurationException("quarkus.http.proxy.use-proxy-protocol lets every client choose its own"
                    + " address, but " + Peers.SETTING + " depends on it: set that to none or all.");
        }
    }

    private static void checkConnections(Config settings, LivebridgeConfig config) {
        Optional<Integer> connections = settings.getOptionalValue("quarkus.http.limits.max-connections", Integer.class);
        int sessions = config.session().maxPerInstance();
        if (connections.isPresent() && connections.get() <= sessions) {
            throw new ConfigurationException("quarkus.http.limits.max-connections is " + connections.get()
                    + ", but livebridge.session.max-per-instance needs " + sessions
                    + " connections for sessions alone: raise the first or lower the second.");
        }
        Duration idle = duration(settings, "quarkus.http.idle-timeout", Duration.ofMinutes(30));
        Duration ping = config.session().pingInterval();
        if (ping.isZero() || idle.compareTo(ping.multipliedBy(2)) < 0) {
            throw new ConfigurationException("quarkus.http.idle-timeout is " + idle.toSeconds()
                    + " s and would close idle sessions: it must be at least twice"
                    + " livebridge.session.ping-interval, which is " + ping.toSeconds() + " s.");
        }
    }

    private static Duration duration(Config settings, String property, Duration other) {
        return settings.getOptionalValue(property, Duration.class).orElse(other);
    }

    private static boolean isOn(Config settings, String property) {
        return settings.getOptionalValue(property, Boolean.class).orElse(false);
    }

    /** Whether the client port listens on more than the loopback interface. */
    private static boolean isReachable(Config settings) {
        String host =
                settings.getOptionalValue("quarkus.http.host", String.class).orElse("0.0.0.0");
        if (host.equals("localhost")) {
            return false;
        }
        try {
            return !InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static List<String> warnings(LivebridgeConfig config) {
        return Stream.of(
                        config.browser().clientsWithoutOrigin().contains("all")
                                ? Peers.SETTING + " is all: every program that reaches the port can use the API key;"
                                        + " restrict access to the port"
                                : "",
                        config.browser().hosts().isEmpty()
                                        && config.browser().allowedOrigins().isEmpty()
                                ? "other machines can connect, but neither livebridge.browser.hosts nor"
                                        + " livebridge.browser.allowed-origins is set: pages loaded from this machine's"
                                        + " IP address can use the API key"
                                : "")
                .filter(warning -> !warning.isEmpty())
                .toList();
    }
}
