package dev.livebridge.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a {@code Host} header (RFC 9110 section 7.2): a host and an optional port.
 *
 * @param host lower case; an IPv6 address in brackets
 * @param port 0 if absent
 */
public record Authority(String host, int port) {

    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?";
    private static final Pattern FORM =
            Pattern.compile("(" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
    private static final int MAX_LENGTH = 253 + 6;
    private static final int MAX_PORT = 65_535;

    /**
     * Reads a header or a setting.
     *
     * @return empty unless the text is {@code host} or {@code host:port}: no user, no path, no trailing dot, no IP
     *     address out of range
     */
    public static Optional<Authority> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        int port = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
        Authority authority = new Authority(form.group(1), port);
        boolean portInRange = form.group(2) == null || (port > 0 && port <= MAX_PORT);
        boolean addressInRange =
                !authority.looksLikeAddress() || authority.address().isPresent();
        return portInRange && addressInRange ? Optional.of(authority) : Optional.empty();
    }

    /** Whether the host is {@code localhost} or an IP address: DNS can't resolve them to another machine. */
    public boolean needsNoNameServer() {
        return host.equals("localhost") || looksLikeAddress();
    }

    private boolean looksLikeAddress() {
        return host.startsWith("[") || IPV4.matcher(host).matches();
    }

    private Optional<InetAddress> address() {
        try {
            return Optional.of(
                    InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
