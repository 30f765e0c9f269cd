package dev.livebridge.http;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.core.Deployment;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestPath;

/**
 * The routes of a running service and the rows of {@code docs/security.md} that name them.
 *
 * <p>A route is written {@code PATH}, or {@code METHOD PATH} when it takes one method that is not GET. {@code /*} at
 * the end means everything below. A route for all paths has no path to be named by; it is written {@code handler
 * CLASS}.
 */
final class RouteInventory {

    /** A row of the table of ports: the port, then paths in code style. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| (.+?) \\|");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** The handlers in the text form of a route; Vert.x has no accessor for them. */
    private static final Pattern HANDLERS = Pattern.compile("contextHandlers=\\[(.*?)], failureHandlers=");

    /** What follows the name of a class in the text form of an object, of a lambda and of an anonymous class. */
    private static final Pattern AFTER_CLASS = Pattern.compile("(\\$\\$Lambda|\\$\\d+|@).*");

    private RouteInventory() {}

    /** The enabled routes of a router that can answer a request. */
    static Set<String> of(Router router) {
        Set<String> routes = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.toString().contains("enabled=true")) {
                routes.addAll(of(route));
            }
        }
        return routes;
    }

    private static Collection<String> of(Route route) {
        String path = path(route);
        if (path.equals("/*")) {
            return handlers(route).stream().map(name -> "handler " + name).toList();
        }
        boolean plain = route.methods() == null
                || route.methods().stream().anyMatch(method -> method.name().equals("GET"));
        return plain
                ? List.of(path)
                : route.methods().stream()
                        .map(method -> method.name() + " " + path)
                        .toList();
    }

    /** Vert.x keeps the path of a route for everything below without its star. */
    private static String path(Route route) {
        String path = route.getPath();
        if (path == null) {
            return "/*";
        }
        return route.isRegexPath() || route.isExactPath() ? path : path.replaceFirst("/?$", "/*");
    }

    private static List<String> handlers(Route route) {
        Matcher handlers = HANDLERS.matcher(route.toString());
        return handlers.find()
                ? Arrays.stream(handlers.group(1).split(", "))
                        .map(handler -> AFTER_CLASS.matcher(handler).replaceFirst(""))
                        .toList()
                : List.of();
    }

    /** The methods of REST resources, which the router sees as one route for all paths. */
    static Set<String> of(Deployment rest) {
        Set<String> routes = new TreeSet<>();
        for (RequestPath<InitialMatch> resource : rest.getClassMappers()) {
            Arrays.stream(resource.value.handlers)
                    .filter(ClassRoutingHandler.class::isInstance)
                    .map(ClassRoutingHandler.class::cast)
                    .flatMap(methods -> of(resource.template.template, methods))
                    .forEach(routes::add);
        }
        return routes;
    }

    private static Stream<String> of(String base, ClassRoutingHandler methods) {
        return methods.getMappers().entrySet().stream()
                .filter(method -> method.getKey() != null)
                .flatMap(method -> method.getValue().getTemplates().stream()
                        .map(path -> (base + path.template.template)
                                .replace("//", "/")
                                .replaceFirst("(?<=.)/$", ""))
                        .map(path -> method.getKey().equals("GET") ? path : method.getKey() + " " + path));
    }

    /** The routes of each port that a page's table names. */
    static Map<Integer, Set<String>> documented(String page) {
        Map<Integer, Set<String>> ports = new TreeMap<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            Matcher code = CODE.matcher(row.group(2));
            while (code.find()) {
                ports.computeIfAbsent(Integer.valueOf(row.group(1)), port -> new TreeSet<>())
                        .add(code.group(1));
            }
        }
        return ports;
    }

    /** The routes that are not named, neither themselves nor by the star of a path above them. */
    static Set<String> missing(Set<String> routes, Set<String> documented) {
        Set<String> missing = new TreeSet<>(routes);
        missing.removeIf(route -> documented.stream().anyMatch(named -> names(named, route)));
        return missing;
    }

    private static boolean names(String named, String route) {
        return named.equals(route)
                || (named.endsWith("/*") && route.startsWith(named.substring(0, named.length() - 1)));
    }
}
