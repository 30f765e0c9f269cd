package dev.livebridge.http;

import java.util.regex.Pattern;

/**
 * The canonical form of a request target (RFC 9112 section 3.2). Other forms reach the same route after normalization,
 * but may bypass a proxy that grants access by the path as written. No client of the service uses them.
 */
final class RequestTarget {

    /** Characters of a path segment (RFC 3986 {@code pchar}) without percent-encoding and {@code ;}. */
    private static final String SEGMENT = "[A-Za-z0-9\\-._~!$&'()*+,=:@]+";

    private static final Pattern PATH = Pattern.compile("/|(?:/(?!\\.{1,2}(?:/|$))" + SEGMENT + ")+");

    /** Google's SDKs join base URL and path with two slashes. */
    private static final String SDK_PREFIX = "//ws/google.";

    private RequestTarget() {}

    /**
     * Whether a target is in origin form, {@code /path?query}, with a canonical path.
     *
     * @param target of the request line, not decoded
     */
    static boolean isCanonical(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return PATH.matcher(path.startsWith(SDK_PREFIX) ? path.substring(1) : path)
                .matches();
    }
}
