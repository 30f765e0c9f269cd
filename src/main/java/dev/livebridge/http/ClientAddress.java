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
 * The client's address for limits: the connection's peer, or the address that a trusted proxy forwards. An IPv6 address
 * is reduced to its /64, the smallest block that one network gets.
 */
@Singleton
public class ClientAddress {

    /** The address of clients whose address is unknown. */
    public static final String UNKNOWN = "unknown";

    private static final int IPV6_PREFIX_BYTES = 8;

    private final boolean trustsProxies;

    /** Reads whether proxies are trusted. */
    public ClientAddress(
            @ConfigProperty(name = "quarkus.http.proxy.trusted-proxies") Optional<List<String>> trustedProxies) {
        this.trustsProxies = trustedProxies.isPresent();
    }

    /** The address of a request's client, as hexadecimal digits; an IPv6 address ends with {@code /64}. */
    public String of(HttpServerRequest request) {
        SocketAddress address =
                trustsProxies ? request.remoteAddress() : request.connection().remoteAddress();
        return address == null ? UNKNOWN : block(address.host());
    }

    /**
     * The block of an address: the address itself, or its /64; {@link #UNKNOWN} for a text that is no address.
     *
     * @param host of a socket or from a proxy; an IPv6 address may be in brackets
     */
    public static String block(@Nullable String host) {
        if (host == null) {
            return UNKNOWN;
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String literal = bracketed ? host.substring(1, host.length() - 1) : host;
        // A link-local address may have a zone.
        int zone = literal.indexOf('%');
        try {
            return block(InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone)));
        } catch (IllegalArgumentException _) {
            // Not an address.
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
