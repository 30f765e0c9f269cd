package dev.livebridge.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Lets pages of the allowed origins read the answers that the element asks for (CORS). A browser sends no cookies
 * along: the header {@code Access-Control-Allow-Credentials} is never set.
 */
@Singleton
final class CrossOriginAnswers {

    /** After {@link RequestGate}. */
    private static final int PRIORITY = 890;

    private static final Set<String> PATHS = Set.of("/api/session", "/api/usage", "/api/tickets");

    private final OriginPolicy origins;

    CrossOriginAnswers(OriginPolicy origins) {
        this.origins = origins;
    }

    void register(@Observes Filters filters) {
        filters.register(this::allow, PRIORITY);
    }

    private void allow(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (PATHS.contains(request.path())) {
            context.response().headers().add("Vary", "Origin");
            String origin = request.getHeader("Origin");
            if (origin != null && origins.permits(request, origin)) {
                context.response().putHeader("Access-Control-Allow-Origin", origin);
            }
        }
        context.next();
    }
}
