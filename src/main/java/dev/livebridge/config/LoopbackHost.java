package dev.livebridge.config;

import java.util.regex.Pattern;

/** The hosts of a URI that are this machine: {@code localhost}, {@code 127.0.0.0/8} and {@code [::1]}. */
public final class LoopbackHost {

    private static final Pattern PATTERN = Pattern.compile("(?i:localhost)|127(\\.\\d{1,3}){3}|\\[::1]");

    private LoopbackHost() {}

    /**
     * Whether a host is this machine. Names are not looked up.
     *
     * @param host as in a URI, IPv6 in brackets
     */
    public static boolean matches(String host) {
        return PATTERN.matcher(host).matches();
    }
}
