package dev.livebridge.management;

import static jakarta.interceptor.Interceptor.Priority.PLATFORM_BEFORE;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks every request to the management port before all other handlers. Web pages of other origins get no answer, and
 * bodies are limited.
 *
 * <ul>
 *   <li>400: no origin-form path, no {@code Host} in HTTP/1.1, or more than one.
 *   <li>421: a {@code Host} that is not the port's own. After DNS rebinding a foreign web page sends its own name
 *       there.
 *   <li>403: {@code Origin} or {@code Sec-Fetch-Site} of another site; {@code same-site} counts as another.
 *   <li>405: a method other than GET, HEAD and POST.
 *   <li>413: a {@code Content-Length} above {@link #MAX_BODY_BYTES}. The body handlers limit bodies without one.
 * </ul>
 *
 * <p>By default Quarkus reads bodies up to 10 MiB on this router and sends {@code Access-Control-Allow-Origin: *} for
 * every request, including preflights. Both are disabled.
 */
@Singleton
final class ManagementGuard {

    /** Upper bound of the request body for all paths of the management port. */
    static final int MAX_BODY_BYTES = 66 * 1024;

    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST);
    private static final Set<String> OWN_SITE = Set.of("none", "same-origin");
    private static final int MISDIRECTED = 421;

    private final ManagementHosts hosts;

    ManagementGuard(ManagementHosts hosts) {
        this.hosts = hosts;
    }

    void register(@Observes @Priority(PLATFORM_BEFORE) ManagementInterface management) {
        Router router = management.router();
        router.getRoutes().stream()
                .takeWhile(route -> route.getPath() == null && !route.isRegexPath())
                // Disabled, not removed: removal fails if several routes have the same order.
                .forEach(Route::disable);
        router.route().order(Integer.MIN_VALUE).handler(this::check).failureHandler(ManagementGuard::fail);
    }

    private void check(RoutingContext call) {
        HttpServerRequest request = call.request();
        int refusal = refusal(request);
        if (refusal == 0) {
            call.next();
        } else {
            if (refusal == 405) {
                request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, POST");
            }
            Refusal.answer(request, refusal);
        }
    }

    /**
     * Errors that Vert.x finds in a request's head get the same kind of answer. They are the client's errors and are
     * not logged.
     */
    private static void fail(RoutingContext call) {
        int status = call.statusCode();
        if (status >= 400 && status < 500) {
            Refusal.answer(call.request(), status);
        } else {
            call.next();
        }
    }

    /** The status of the refusal; 0 if the request is allowed. */
    private int refusal(HttpServerRequest request) {
        if (!request.uri().startsWith("/")) {
            return 400;
        }
        List<String> host = request.headers().getAll(HttpHeaders.HOST);
        if (host.size() > 1 || (host.isEmpty() && request.version() == HttpVersion.HTTP_1_1)) {
            return 400;
        }
        // Browsers always send the header; HTTP/1.0 probes do not.
        if (!host.isEmpty() && !hosts.contains(host.getFirst())) {
            return MISDIRECTED;
        }
        if (isForeign(request, host.isEmpty() ? null : host.getFirst())) {
            return 403;
        }
        if (!METHODS.contains(request.method())) {
            return 405;
        }
        return declaredBytes(request) > MAX_BODY_BYTES ? 413 : 0;
    }

    private static boolean isForeign(HttpServerRequest request, @Nullable String host) {
        String own = request.scheme() + "://" + host;
        return request.headers().getAll(HttpHeaders.ORIGIN).stream().anyMatch(origin -> !origin.equals(own))
                || request.headers().getAll("Sec-Fetch-Site").stream().anyMatch(site -> !OWN_SITE.contains(site));
    }

    /** The value of {@code Content-Length}; 0 without one. Netty has already refused values that are not numbers. */
    private static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
