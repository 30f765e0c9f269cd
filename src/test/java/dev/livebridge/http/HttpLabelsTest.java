package dev.livebridge.http;

import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.telemetry.HttpLabels;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The content of a request line creates no time series. */
@QuarkusTest
class HttpLabelsTest {

    private static final int REQUESTS = 3_000;
    private static final long SEED = 20_261_127;
    private static final Pattern URI_LABEL = Pattern.compile("http_server_requests_seconds_count\\{.*uri=\"([^\"]*)\"");
    private static final Pattern METHOD_LABEL =
            Pattern.compile("http_server_requests_seconds_count\\{method=\"([^\"]*)\"");

    /** Path labels; {@code root} is {@code /}, and paths without a route are {@code other}. */
    private static final Set<String> URIS = Set.of(
            "root",
            "/live",
            "/live/config",
            "/embed",
            "/ws/google",
            "/static",
            "/v1/auth_tokens",
            "/v1/models",
            "other",
            "NOT_FOUND",
            "/cors-preflight");

    @TestHTTPResource("/")
    URI server;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @Inject
    MeterRegistry registry;

    private final Random random = new Random(SEED);

    @Test
    void randomMethodsAndPathsLeaveTheScrapeAsItIs() {
        // Given each kind of request once, and the service's own paths
        attack(50);
        own();
        await().until(() -> refused("method") > 0);
        String before = scrape();
        long meters = metersOfRequests();
        double refusedBefore = refused("method");

        // When
        int unknownMethods = attack(REQUESTS);
        own();

        // Then
        await().untilAsserted(() -> assertEquals(refusedBefore + unknownMethods, refused("method")));
        String after = scrape();
        assertEquals(series(before), series(after), () -> "seed " + SEED);
        assertEquals(meters, metersOfRequests());
        assertTrue(after.length() < before.length() * 1.02, () -> before.length() + " and " + after.length());
        assertTrue(URIS.containsAll(values(after, URI_LABEL)), () -> "" + values(after, URI_LABEL));
        assertTrue(values(after, URI_LABEL).containsAll(Set.of("root", "/live", "/static")));
        // Other tests of the same service may have asked with other methods of HTTP's.
        assertTrue(values(after, METHOD_LABEL).containsAll(Set.of("GET", "OPTIONS", "POST")));
        assertTrue(HttpLabels.METHODS.containsAll(values(after, METHOD_LABEL)), () -> "" + values(after, METHOD_LABEL));
    }

    /** All meters except those of the JVM: a garbage collection may add one at any time. */
    private long metersOfRequests() {
        return registry.getMeters().stream()
                .filter(meter -> !meter.getId().getName().startsWith("jvm."))
                .count();
    }

    /** Requests on one connection: unknown methods, paths with every status, other spellings of the service's paths. */
    private int attack(int requests) {
        int unknown = 0;
        for (int i = 0; i < requests; i++) {
            String method = i % 2 == 0 ? "X" + word(i % 20 == 0 ? 2_000 : 12).toUpperCase(Locale.ROOT) : "GET";
            String target = switch (i % 12) {
                case 1 -> "/" + word(12);
                case 3 -> "/static/" + word(12);
                case 5 -> "/%6cive" + word(5);
                case 7 -> "/x/../" + word(9);
                case 9 -> "/" + word(3) + "/" + word(3) + "?" + word(9);
                case 11 -> "/ws/google.ai.generativelanguage." + word(4) + ".GenerativeService." + word(4);
                default -> "/";
            };
            RawHttp.ask(server, method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            unknown += i % 2 == 0 ? 1 : 0;
        }
        return unknown;
    }

    private void own() {
        String page = RestAssured.get(server).asString();
        RestAssured.get(server.resolve(page.replaceFirst("(?s).*src=\"(/static/[^\"]+)\".*", "$1")))
                .then()
                .statusCode(200);
        assertEquals(
                101,
                RawHttp.ask(server, RawHttp.upgrade("/live", "localhost", "")).status());
        for (String method : new String[] {"OPTIONS", "POST"}) {
            RawHttp.ask(server, method + " /live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    }

    private String word(int length) {
        return random.ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private String scrape() {
        return RestAssured.given().accept("text/plain").get(metrics).asString();
    }

    private static Set<String> series(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith("http_server"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> values(String scrape, Pattern label) {
        return label.matcher(scrape).results().map(found -> found.group(1)).collect(toCollection(TreeSet::new));
    }

    private double refused(String reason) {
        return scrape().lines()
                .filter(line ->
                        line.startsWith(Metric.REQUESTS_REFUSED.prometheusName() + "{reason=\"" + reason + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
