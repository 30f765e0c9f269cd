package dev.livebridge.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.observability.Dashboards.Dashboard;
import dev.livebridge.observability.Dashboards.Panel;
import dev.livebridge.telemetry.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dashboards use existing metrics. Another test runs their queries with a real Prometheus. */
class DashboardsTest {

    private static final Pattern METRIC = Pattern.compile("\\b(?:livebridge|gen_ai_client)_[a-z_]+\\b(?=\\{|\\b)");

    static Stream<Dashboard> dashboards() {
        return Dashboards.all().stream();
    }

    static Stream<Panel> panels() {
        return dashboards().flatMap(Dashboard::panels);
    }

    @Test
    void thereIsOneForEachConcern() {
        assertEquals(
                List.of("latency.json", "overview.json", "upstream.json"),
                dashboards().map(Dashboard::file).toList());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void aDashboardCanBeImportedAnywhere(Dashboard dashboard) {
        assertFalse(dashboard.json().has("id"), "an id belongs to one Grafana");
        assertTrue(dashboard.json().path("uid").asText().matches("livebridge-[a-z]+"));
        assertTrue(dashboard.json().path("schemaVersion").asInt() >= 39);
        assertEquals(
                List.of("datasource", "namespace", "pod"),
                dashboard.json().at("/templating/list").findValuesAsText("name"));
        dashboard
                .json()
                .get("panels")
                .findValues("datasource")
                .forEach(source ->
                        assertEquals("${datasource}", source.get("uid").asText()));
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelAsksAndExplains(Panel panel) {
        assertTrue(panel.title().endsWith("?"), "a title is a question");
        assertTrue(panel.json().path("description").asText().endsWith("."), "it is explained");
        assertFalse(panel.json().at("/fieldConfig/defaults/unit").asText().isEmpty(), "it has a unit");
        assertFalse(panel.expressions().isEmpty());
        for (String expression : panel.expressions()) {
            assertEquals(
                    expression.contains("rate(") || expression.contains("increase("),
                    expression.contains("$__rate_interval"),
                    expression);
            assertTrue(expression.contains("namespace=~\"$namespace\",pod=~\"$pod\""), expression);
        }
    }

    @Test
    void noQuestionIsAskedTwice() {
        Set<String> seen = new HashSet<>();
        assertEquals(
                List.of(),
                panels().map(Panel::title).filter(title -> !seen.add(title)).toList());
    }

    @ParameterizedTest
    @MethodSource("panels")
    void whatIsAskedForExists(Panel panel) {
        Set<String> names = Stream.of(Metric.values())
                .flatMap(metric -> switch (metric.type()) {
                    case COUNTER, GAUGE -> Stream.of(metric.prometheusName());
                    case TIMER, SUMMARY ->
                        Stream.of("_bucket", "_count", "_sum", "_max").map(metric.prometheusName()::concat);
                })
                .collect(Collectors.toSet());

        for (String expression : panel.expressions()) {
            METRIC.matcher(expression)
                    .results()
                    .forEach(found -> assertTrue(names.contains(found.group()), found.group()));
        }
    }
}
