package dev.livebridge.web;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.http.Origin;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sets the security headers: resources of the page's own origin only, no inline scripts or styles. A filter of the HTTP
 * server, not of the REST layer, because bundles and error pages need the headers, too.
 */
@Singleton
final class SecurityHeaders {

    /**
     * All but {@code frame-ancestors}. {@code script-src} applies to worklets; the previews use {@code blob:} and
     * {@code data:}.
     */
    private static final String CONTENT_SECURITY_POLICY = String.join(
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
            // Only two Trusted Types policies create HTML: Lit's templates and DOMPurify's output.
            "require-trusted-types-for 'script'",
            "trusted-types lit-html dompurify");

    static final String PERMISSIONS_POLICY =
            "microphone=(self), camera=(self), display-capture=(self), screen-wake-lock=(self)";

    /** One year, without subdomains: the service does not own them. */
    static final String STRICT_TRANSPORT_SECURITY = "max-age=31536000";

    /** Before every handler that may answer. */
    private static final int FIRST = 1000;

    /** Paths of scripts, which pages of every origin may load; they hold nothing that a caller may not see. */
    private static final List<String> PUBLIC_SCRIPTS = List.of("/static/", "/embed/");

    private final String contentSecurityPolicy;
    private final Set<String> hostsWithTls;

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the entry of {@code allowed-framers} that is not an origin
     */
    SecurityHeaders(LivebridgeConfig config) {
        this.contentSecurityPolicy =
                contentSecurityPolicy(config.browser().allowedFramers().orElse(List.of()));
        this.hostsWithTls = hostsWithTls(config.browser().allowedOrigins().orElse(List.of()));
    }

    /**
     * The policy of every response.
     *
     * @param framers origins of the pages that may show the page in a frame
     * @throws IllegalArgumentException naming the entry that is not an origin
     */
    static String contentSecurityPolicy(List<String> framers) {
        String ancestors = framers.stream().map(SecurityHeaders::framer).collect(Collectors.joining(" "));
        return CONTENT_SECURITY_POLICY + "; frame-ancestors " + (ancestors.isEmpty() ? "'none'" : ancestors);
    }

    private static String framer(String entry) {
        return Origin.parse(entry)
                .map(Origin::text)
                .orElseThrow(() -> new IllegalArgumentException("livebridge.browser.allowed-framers: '" + entry
                        + "' is not an origin; write scheme://host or scheme://host:port, without a path"));
    }

    /** The hosts with TLS only, according to the configured origins. Request headers are not evaluated. */
    static Set<String> hostsWithTls(List<String> allowedOrigins) {
        List<Origin> origins = allowedOrigins.stream()
                .flatMap(origin -> Origin.parse(origin).stream())
                .toList();
        Set<String> hosts = origins.stream()
                .filter(origin -> origin.scheme().equals("https"))
                .map(Origin::host)
                .collect(Collectors.toCollection(HashSet::new));
        origins.stream()
                .filter(origin -> origin.scheme().equals("http"))
                .map(Origin::host)
                .forEach(hosts::remove);
        return hosts;
    }

    void register(@Observes Filters filters) {
        filters.register(this::add, FIRST);
    }

    private void add(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set("Content-Security-Policy", contentSecurityPolicy);
        headers.set("Permissions-Policy", PERMISSIONS_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        String path = context.request().path();
        if (path != null && PUBLIC_SCRIPTS.stream().anyMatch(path::startsWith)) {
            headers.set("Access-Control-Allow-Origin", "*");
            headers.set("Cross-Origin-Resource-Policy", "cross-origin");
        } else {
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
        }
        String host = context.request().getHeader("Host");
        if (host != null
                && Origin.parse("https://" + host)
                        .map(Origin::host)
                        .filter(hostsWithTls::contains)
                        .isPresent()) {
            headers.set("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY);
        }
        context.next();
    }
}
