package dev.livebridge.telemetry;

import java.util.Set;

/**
 * The closed sets of label values that come from HTTP requests. The set of paths is the setting
 * {@code quarkus.micrometer.binder.http-server.match-patterns}.
 */
public final class HttpLabels {

    /** The methods of RFC 9110 and PATCH (RFC 5789). */
    public static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private HttpLabels() {}
}
