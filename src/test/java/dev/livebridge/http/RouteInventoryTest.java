package dev.livebridge.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every route of both ports is a row of {@code docs/security.md}, with its content and its access. */
@QuarkusTest
class RouteInventoryTest {

    private static final int CLIENTS = 9080;
    private static final int MANAGEMENT = 9000;

    /**
     * Handlers for all paths: filters, the fall-backs that answer errors, and two whose paths are listed by other means
     * (REST resources, and files below {@code /static/}).
     */
    private static final Set<String> HANDLERS = Set.of(
            "handler dev.livebridge.web.SecurityHeaders",
            "handler dev.livebridge.web.ManagementHttpVersion",
            "handler dev.livebridge.http.RequestGate",
            "handler dev.livebridge.http.CrossOriginAnswers",
            "handler dev.livebridge.management.ManagementGuard",
            "handler io.quarkus.oidc.runtime.BackChannelLogoutHandler",
            "handler io.quarkus.oidc.runtime.ResourceMetadataHandler",
            "handler io.quarkus.vertx.http.runtime.security.HttpSecurityRecorder",
            "handler io.quarkus.vertx.http.runtime.security.HttpSecurityRecorder$AuthenticationHandler",
            "handler io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder",
            "handler io.quarkus.vertx.http.runtime.options.HttpServerCommonHandlers",
            "handler io.quarkus.vertx.http.runtime.VertxHttpRecorder",
            "handler io.quarkus.vertx.http.runtime.StaticResourcesRecorder",
            "handler io.quarkus.vertx.http.runtime.handlers.DevStaticHandler",
            "handler org.jboss.resteasy.reactive.server.vertx.ResteasyReactiveVertxHandler");

    /** Rows without a route: answered by a handler for all paths. */
    private static final Set<String> ROWS_OF_HANDLERS = Set.of("/static/*", "/v1*");

    /** Keeps the management port's router, for which there is no bean. */
    @Singleton
    static class ManagementRouter {

        private @Nullable Router router;

        void see(@Observes ManagementInterface management) {
            router = management.router();
        }

        Router get() {
            return requireNonNull(router, "the management port has not started");
        }
    }

    @Inject
    Router clients;

    @Inject
    ManagementRouter management;

    private static Set<String> documented(int port) {
        try {
            return requireNonNull(RouteInventory.documented(Files.readString(Path.of("docs/security.md")))
                    .get(port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> routesOfClients() {
        Set<String> routes = RouteInventory.of(clients);
        routes.addAll(RouteInventory.of(ResteasyReactiveRecorder.getCurrentDeployment()));
        return routes;
    }

    private static Set<String> missing(Set<String> routes, Set<String> documented) {
        Set<String> missing = RouteInventory.missing(routes, documented);
        missing.removeAll(HANDLERS);
        return missing;
    }

    @Test
    void everyRouteForClientsIsARow() {
        Set<String> routes = routesOfClients();

        assertTrue(routes.containsAll(Set.of("/", "/live")), routes::toString);
        assertEquals(Set.of(), missing(routes, documented(CLIENTS)), "no row of docs/security.md for port 9080");
    }

    @Test
    void everyRouteOfTheManagementPortIsARow() {
        Set<String> routes = RouteInventory.of(management.get());

        assertTrue(routes.containsAll(Set.of("/q/metrics", "POST /q/livebridge/drain")), routes::toString);
        assertEquals(Set.of(), missing(routes, documented(MANAGEMENT)), "no row of docs/security.md for port 9000");
    }

    @Test
    void everyRowIsARoute() {
        Set<String> rows = new TreeSet<>(documented(CLIENTS));
        rows.addAll(documented(MANAGEMENT));
        Set<String> routes = routesOfClients();
        routes.addAll(RouteInventory.of(management.get()));

        rows.removeAll(ROWS_OF_HANDLERS);
        // A row for everything below a path stands for at least one route.
        rows.removeIf(row -> !RouteInventory.missing(routes, Set.of(row)).equals(routes));

        assertEquals(Set.of(), rows, "rows of docs/security.md without a route");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/planted", "/q/planted", "/q/livebridge/planted/*", "/api/:id", "/*", "/live/more"})
    void aRouteThatIsNoRowIsFound(String path) {
        Map.of(CLIENTS, clients, MANAGEMENT, management.get()).forEach((port, router) -> {
            Route planted =
                    router.route(path).handler(request -> request.response().end());
            try {
                Set<String> found = missing(RouteInventory.of(router), documented(port));

                String expected = path.equals("/*") ? "handler " + RouteInventoryTest.class.getName() : path;
                assertEquals(Set.of(expected), found);
            } finally {
                planted.remove();
            }
        });
    }

    /** The page names drain with POST; the same path with another method shows something else. */
    @Test
    void anotherMethodOfAKnownPathIsFound() {
        Route planted = management
                .get()
                .get("/q/livebridge/drain")
                .handler(request -> request.response().end());
        try {
            assertEquals(
                    Set.of("/q/livebridge/drain"),
                    missing(RouteInventory.of(management.get()), documented(MANAGEMENT)));
        } finally {
            planted.remove();
        }
    }
}
