package dev.livebridge.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The address that a client counts as: the connection's peer, or behind proxies that are trusted the client they name.
 * An IPv6 address counts with its /64, the smallest block that a single network is given.
 */
@Singleton
public class ClientAddress {

    /** Clients without an address share this one. */
    public static final String UNKNOWN = "unknown";

    private static final int IPV6_PREFIX_BYTES = 8;

    private final boolean trustsProxies;

    /** Addresses as {@code quarkus.http.proxy.trusted-proxies} has them. */
    public ClientAddress(
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> trustedProxies) {
        this.trustsProxies = trustedProxies.isPresent();
    }

    /** The address of a request's client, as hexadecimal digits. */
    public String of(HttpServerRequest request) {
        SocketAddress address =
                trustsProxies ? request.remoteAddress() : request.connection().remoteAddress();
        return address == null ? UNKNOWN : block(address.host());
    }

    /**
     * What an address counts as: itself, or its /64. A text that is no address counts as {@link #UNKNOWN}.
     *
     * @param host of a socket, or as a proxy names it: an IPv6 address may stand in brackets
     */
    public static String block(@Nullable String host) {
        if (host == null) {
            return UNKNOWN;
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        // A link-local address of a peer may carry its zone.
        int zone = literal.indexOf('%');
        try {
            return block(InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone)));
        } catch (IllegalArgumentException noAddress) {
            return UNKNOWN;
        }
    }

    private static String block(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address) {
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES)) + "/64";
        }
        return HexFormat.of().formatHex(bytes);
    }
}
