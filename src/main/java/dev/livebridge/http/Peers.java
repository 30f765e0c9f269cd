package dev.livebridge.http;

import dev.livebridge.config.LivebridgeConfig;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which clients may connect without an {@code Origin} header, by the peer address of the connection; no header
 * can replace that address. A request that a proxy has marked as forwarded is never local, even if the proxy is.
 */
@Singleton
public final class Peers {

    static final String SETTING = "livebridge.browser.clients-without-origin";

    private static final String NONE = "none";
    private static final String LOOPBACK = "loopback";
    private static final String ALL = "all";

    /** Headers that proxies add, besides all that begin with {@code X-Forwarded}. */
    private static final Set<String> FORWARDED = Set.of("forwarded", "via", "x-real-ip");

    private static final String X_FORWARDED = "x-forwarded";
    private static final int ANY_PORT = 0;

    private final boolean all;
    private final boolean loopback;
    private final List<IpSubnetFilterRule> networks = new ArrayList<>();

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException naming the entry that is neither a keyword nor a network
     */
    public Peers(LivebridgeConfig config) {
        List<String> entries = config.browser().clientsWithoutOrigin();
        this.all = entries.contains(ALL);
        this.loopback = entries.contains(LOOPBACK);
        if (entries.size() > 1 && (all || entries.contains(NONE))) {
            throw new IllegalArgumentException(SETTING + ": 'all' and 'none' stand alone, not in a list");
        }
        entries.stream()
                .filter(entry -> !Set.of(NONE, LOOPBACK, ALL).contains(entry))
                .map(Peers::network)
                .forEach(networks::add);
    }

    private static IpSubnetFilterRule network(String entry) {
        int slash = entry.indexOf('/');
        try {
            InetAddress address = InetAddress.ofLiteral(slash < 0 ? entry : entry.substring(0, slash));
            int maxPrefix = address.getAddress().length * Byte.SIZE;
            int prefix = slash < 0 ? maxPrefix : Integer.parseInt(entry.substring(slash + 1));
            if (prefix > 0 && prefix <= maxPrefix) {
                return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
            }
        } catch (IllegalArgumentException e) {
            // Neither an address nor a prefix length; reported below.
        }
        throw new IllegalArgumentException(
                SETTING + ": '" + entry + "' is not none, loopback, all, an address or a network such as 10.1.0.0/16");
    }

    /** Whether the client of this request needs no {@code Origin}. */
    public boolean permit(HttpServerRequest request) {
        return all || (!isForwarded(request) && contain(request.connection().remoteAddress()));
    }

    /** Whether a proxy has forwarded the request, so that its client is not the peer of the connection. */
    public static boolean isForwarded(HttpServerRequest request) {
        return request.headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> FORWARDED.contains(name) || name.startsWith(X_FORWARDED));
    }

    private boolean contain(SocketAddress peer) {
        Optional<InetAddress> address = address(peer);
        if (address.isEmpty()) {
            return false;
        }
        InetSocketAddress socket = new InetSocketAddress(address.get(), ANY_PORT);
        return (loopback && address.get().isLoopbackAddress())
                || networks.stream().anyMatch(network -> network.matches(socket));
    }

    /** Empty for a domain socket; without the zone of a link-local address. */
    private static Optional<InetAddress> address(SocketAddress peer) {
        String text = peer.hostAddress();
        if (text == null) {
            return Optional.empty();
        }
        int zone = text.indexOf('%');
        return Optional.of(InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone)));
    }
}
