package dev.livebridge.management;

import dev.livebridge.config.LivebridgeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names by which the management port may be asked: loopback names, any IP address (as kubelet, Prometheus and other
 * instances use it; no web page has one that another site could rebind), the host of
 * {@code livebridge.instance.address}, and {@code livebridge.management.hosts}.
 */
@Singleton
final class ManagementHosts {

    /** {@code host[:port]} of RFC 9110 section 7.2; group 1 a name or IPv4 address, group 2 an IPv6 address. */
    private static final Pattern HOST =
            Pattern.compile("(?:([A-Za-z0-9._-]{1,253})|\\[([0-9A-Fa-f:.]{2,45})])(?::\\d{1,5})?");

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /**
     * Reads the list.
     *
     * @throws ConfigurationException naming the entry that is no host name
     */
    ManagementHosts(LivebridgeConfig config) {
        for (String name : config.management().hosts().orElse(List.of())) {
            if (!NAME.matcher(name).matches()) {
                throw new ConfigurationException("livebridge.management.hosts: '" + name
                        + "' is not a host name; write it without scheme, port and path.");
            }
            names.add(name.toLowerCase(Locale.ROOT));
        }
        config.instance()
                .address()
                .map(address -> address.getHost())
                .ifPresent(host -> names.add(host.toLowerCase(Locale.ROOT)));
    }

    /** Whether a {@code Host} header names this port. */
    boolean contains(String header) {
        Matcher host = HOST.matcher(header);
        if (!host.matches()) {
            return false;
        }
        String name = host.group(1);
        return name == null || IPV4.matcher(name).matches() || names.contains(name.toLowerCase(Locale.ROOT));
    }
}
