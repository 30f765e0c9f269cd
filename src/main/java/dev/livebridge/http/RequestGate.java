package dev.livebridge.http;

import dev.livebridge.telemetry.HttpLabels;
import dev.livebridge.telemetry.Meters;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Checks each request on the client port before all other handlers: pages, bundles and upgrades. A refusal closes the
 * connection.
 */
@Singleton
final class RequestGate {

    /** After the filter of the security headers, which refusals have, too, and before every route. */
    private static final int PRIORITY = 900;

    /** Quarkus' developer pages; dev mode only. Their paths are not canonical. */
    private static final String DEV_PAGES = "/q/";

    private static final String TICKETS = "/api/tickets";

    /** Bytes of a request for a ticket. A body without a length is checked once it is read. */
    private static final int MAX_TICKET_BODY = 1024;

    private final OwnHosts hosts;
    private final Meters meters;
    private final boolean devPages;

    @Inject
    RequestGate(OwnHosts hosts, Meters meters) {
        this(hosts, meters, LaunchMode.current());
    }

    RequestGate(OwnHosts hosts, Meters meters, LaunchMode mode) {
        this.hosts = hosts;
        this.meters = meters;
        this.devPages = mode == LaunchMode.DEVELOPMENT;
    }

    /** The reason of a refusal, with the status of the response. */
    enum Refusal {
        /** An unknown method. */
        METHOD(501),
        /** No {@code Host}, several, or one that is not a host. */
        BAD_HOST(400),
        /** A host that is not the service's own. */
        FOREIGN_HOST(421),
        /** Several {@code Origin} headers. */
        ORIGINS(400),
        /** A target that is not canonical. */
        TARGET(404),
        /** A call to a part of Gemini's REST API that is not served; the body is not read. */
        GEMINI_REST(404),
        /** A request with a body, which its route does not accept. */
        BODY(413);

        private final int status;
        private final String label = name().toLowerCase(Locale.ROOT);

        Refusal(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }

        /** The label value. */
        String label() {
            return label;
        }
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    void registerForFailures(@Observes Router router) {
        router.route().order(-PRIORITY).failureHandler(this::checkFailed);
    }

    private void check(RoutingContext context) {
        refusal(context.request()).ifPresentOrElse(refusal -> refuse(context, refusal), context::next);
    }

    /**
     * Some requests fail in the router itself, before its first handler. They get the same response, without an error
     * in the log.
     */
    private void checkFailed(RoutingContext context) {
        Optional<Refusal> refusal = refusal(context.request());
        if (refusal.isPresent() && !context.response().headWritten()) {
            refuse(context, refusal.get());
        } else {
            context.next();
        }
    }

    private void refuse(RoutingContext context, Refusal refusal) {
        meters.requestRefused(refusal.label());
        HttpServerResponse response = context.response()
                .setStatusCode(refusal.status())
                .putHeader("Cache-Control", "no-store")
                .putHeader("Connection", "close");
        Future<Void> written = refusal == Refusal.GEMINI_REST
                ? response.putHeader("Content-Type", GeminiRestPaths.CONTENT_TYPE)
                        .end(GeminiRestPaths.error(context.request()))
                : response.end();
        written.onComplete(_ -> context.request().connection().close());
    }

    private Optional<Refusal> refusal(HttpServerRequest request) {
        if (!HttpLabels.METHODS.contains(request.method().name())) {
            return Optional.of(Refusal.METHOD);
        }
        MultiMap headers = request.headers();
        List<String> named = headers.getAll("Host");
        Optional<Authority> host = named.size() == 1 ? Authority.parse(named.getFirst()) : Optional.empty();
        if (host.isEmpty()) {
            return Optional.of(Refusal.BAD_HOST);
        }
        if (!hosts.contain(host.get())) {
            return Optional.of(Refusal.FOREIGN_HOST);
        }
        if (headers.getAll("Origin").size() > 1) {
            return Optional.of(Refusal.ORIGINS);
        }
        if (devPages && request.uri().startsWith(DEV_PAGES)) {
            return Optional.empty();
        }
        if (GeminiRestPaths.contain(request.path())) {
            return gemini(request);
        }
        if (!RequestTarget.isCanonical(request.uri())) {
            return Optional.of(Refusal.TARGET);
        }
        return hasBody(headers) && !takesBody(request) ? Optional.of(Refusal.BODY) : Optional.empty();
    }

    private static Optional<Refusal> gemini(HttpServerRequest request) {
        if (!GeminiRestPaths.serve(request)) {
            return Optional.of(Refusal.GEMINI_REST);
        }
        MultiMap headers = request.headers();
        boolean tooLarge =
                hasBody(headers) && !(GeminiRestPaths.takeBody(request) && isAtMost(headers, GeminiRestPaths.MAX_BODY));
        return tooLarge ? Optional.of(Refusal.BODY) : Optional.empty();
    }

    private static boolean takesBody(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST)
                && TICKETS.equals(request.path())
                && isAtMost(request.headers(), MAX_TICKET_BODY);
    }

    /** Without a length, {@code quarkus.http.limits.max-body-size} bounds the body. */
    private static boolean isAtMost(MultiMap headers, int bytes) {
        String length = headers.get("Content-Length");
        return length == null || (length.length() < 10 && length.matches("\\d+") && Integer.parseInt(length) <= bytes);
    }

    private static boolean hasBody(MultiMap headers) {
        return headers.contains("Transfer-Encoding")
                || headers.getAll("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }
}
