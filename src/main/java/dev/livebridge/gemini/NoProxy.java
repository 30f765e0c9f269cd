package dev.livebridge.gemini;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The targets that are reached without a proxy: the value of {@code NO_PROXY}, as curl and Go read it. Entries are
 * separated by commas; an entry is {@code *}, a domain with its subdomains ({@code example.com}, {@code .example.com}
 * or {@code *.example.com}), an address, or a network in CIDR form, each but the last optionally with {@code :port}.
 * Any other entry matches nothing.
 */
final class NoProxy {

    private final List<Rule> rules;

    private sealed interface Rule {

        boolean matches(String host, @Nullable InetAddress address, int port);

        record Everything() implements Rule {
            @Override
            public boolean matches(String host, @Nullable InetAddress address, int port) {
                return true;
            }
        }

        record Domain(String name, int port) implements Rule {
            @Override
            public boolean matches(String host, @Nullable InetAddress address, int asked) {
                return address == null
                        && (host.equals(name) || host.endsWith("." + name))
                        && (port == ANY_PORT || port == asked);
            }
        }

        record Address(InetAddress address, int port) implements Rule {
            @Override
            public boolean matches(String host, @Nullable InetAddress other, int asked) {
                return address.equals(other) && (port == ANY_PORT || port == asked);
            }
        }

        record Network(InetAddress prefix, int bits) implements Rule {
            @Override
            public boolean matches(String host, @Nullable InetAddress address, int port) {
                return address != null && contains(address.getAddress());
            }

            private boolean contains(byte[] other) {
                byte[] own = prefix.getAddress();
                if (other.length != own.length) {
                    return false;
                }
                for (int bit = 0; bit < bits; bit++) {
                    int mask = 0x80 >> (bit % 8);
                    if (((own[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                        return false;
                    }
                }
                return true;
            }
        }
    }

    private static final int ANY_PORT = -1;
    private static final int MAX_PORT = 65_535;

    private NoProxy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Reads the value of {@code NO_PROXY}; an empty one matches nothing. */
    static NoProxy parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            Rule rule = rule(entry.strip().toLowerCase(Locale.ROOT));
            if (rule != null) {
                rules.add(rule);
            }
        }
        return new NoProxy(rules);
    }

    /**
     * Whether a target is reached without a proxy.
     *
     * @param host a name or a literal address; IPv6 with or without brackets
     */
    boolean matches(String host, int port) {
        String bare = withoutBrackets(host.toLowerCase(Locale.ROOT));
        String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        InetAddress address = address(name);
        return rules.stream().anyMatch(rule -> rule.matches(name, address, port));
    }

    private static @Nullable Rule rule(String entry) {
        if (entry.isEmpty()) {
            return null;
        }
        if (entry.equals("*")) {
            return new Rule.Everything();
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return network(entry.substring(0, slash), entry.substring(slash + 1));
        }
        InetAddress whole = address(withoutBrackets(entry));
        if (whole != null) {
            return new Rule.Address(whole, ANY_PORT);
        }
        int port = ANY_PORT;
        String host = entry;
        int colon = entry.lastIndexOf(':');
        if (colon >= 0) {
            port = number(entry.substring(colon + 1), MAX_PORT);
            host = entry.substring(0, colon);
            if (port < 1) {
                return null;
            }
        }
        InetAddress address = address(withoutBrackets(host));
        if (address != null) {
            return new Rule.Address(address, port);
        }
        String domain = host.startsWith("*.") ? host.substring(2) : host.startsWith(".") ? host.substring(1) : host;
        return domain.isEmpty() || domain.indexOf('*') >= 0 ? null : new Rule.Domain(domain, port);
    }

    private static @Nullable Rule network(String prefix, String length) {
        InetAddress address = address(withoutBrackets(prefix));
        if (address == null) {
            return null;
        }
        int bits = number(length, address.getAddress().length * 8);
        return bits < 0 ? null : new Rule.Network(address, bits);
    }

    /** The number, -1 when it is none or larger than the largest. */
    private static int number(String digits, int largest) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = Integer.parseInt(digits);
        return number <= largest ? number : -1;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** The address when the text is a literal one; names are not looked up. */
    private static @Nullable InetAddress address(String literal) {
        try {
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
