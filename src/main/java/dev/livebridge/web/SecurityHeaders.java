package dev.livebridge.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Tells browsers what the page may do: everything from here, nothing from elsewhere, no inline script or style. A
 * filter of the HTTP server and not of the REST layer, because the bundles and error pages need the headers too.
 */
@Singleton
final class SecurityHeaders {

    /** Worklets obey {@code script-src}; the previews are {@code blob:} and {@code data:}. */
    static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'");

    static final String PERMISSIONS_POLICY =
            "microphone=(self), camera=(self), display-capture=(self), screen-wake-lock=(self)";

    /** Before everything that could answer. */
    private static final int FIRST = 1000;

    void register(@Observes Filters filters) {
        filters.register(SecurityHeaders::add, FIRST);
    }

    private static void add(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("Permissions-Policy", PERMISSIONS_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        context.next();
    }
}
