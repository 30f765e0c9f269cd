package dev.livebridge.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.telemetry.Metric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every meter that an alert, a dashboard or an autoscaler in {@code deploy/} asks for is one that the service has, by
 * the name it has in a scrape. A query of a name that does not exist is no error to Prometheus: it is just silent.
 */
class MetricNamesTest {

    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern NAME = Pattern.compile("\\b(?:livebridge|gen_ai)_[a-z0-9_]+");
    private static final Set<String> LABELS = Stream.of(Metric.values())
            .flatMap(metric -> metric.labels().stream())
            .map(label -> label.replace('.', '_'))
            .collect(Collectors.toSet());

    @Test
    void whatIsAskedForExists() throws IOException {
        Set<String> scraped =
                Stream.of(Metric.values()).flatMap(MetricNamesTest::scraped).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        int asked = 0;
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            for (Path file : files.filter(MetricNamesTest::asks).sorted().toList()) {
                for (String name : names(file)) {
                    asked++;
                    if (!scraped.contains(name)) {
                        unknown.add(DEPLOY.relativize(file) + ": " + name);
                    }
                }
            }
        }

        assertEquals(Set.of(), unknown);
        assertTrue(asked > 60, asked + " names were found; rules and dashboards have more");
    }

    @Test
    void aNameThatIsNotScrapedIsNoticed() {
        assertEquals(List.of("livebridge_sessions_activ"), names("sum(livebridge_sessions_activ) / 2"));
        assertTrue(scraped(Metric.RELAY_LATENCY).noneMatch("livebridge_relay_latency_seconds"::equals));
    }

    private static boolean asks(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".json");
    }

    private static List<String> names(Path file) {
        try {
            return names(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(String text) {
        Matcher names = NAME.matcher(text);
        return names.results()
                .map(found -> found.group())
                .filter(name -> !LABELS.contains(name))
                .toList();
    }

    /** The names of a meter's time series in Prometheus. */
    private static Stream<String> scraped(Metric metric) {
        String name = metric.prometheusName();
        return switch (metric.type()) {
            case COUNTER, GAUGE -> Stream.of(name);
            case TIMER, SUMMARY -> {
                Stream<String> sums = Stream.of(name + "_sum", name + "_count");
                yield metric.buckets().isEmpty() ? sums : Stream.concat(sums, Stream.of(name + "_bucket"));
            }
        };
    }
}
