package dev.livebridge.telemetry;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/metrics.md} is the vocabulary of {@link Metric}. */
class MetricsPageTest {

    private static final Pattern ROW =
            Pattern.compile("\\| `(?:livebridge|gen_ai)_\\w+` \\| (?:counter|gauge|timer|summary) .*");

    @Test
    void thePageListsEveryMetricAsItIs() throws IOException {
        String page = Files.readAllLines(Path.of("docs", "metrics.md")).stream()
                .filter(line -> ROW.matcher(line).matches())
                .collect(joining("\n"));

        assertEquals(Stream.of(Metric.values()).map(MetricsPageTest::row).collect(joining("\n")), page);
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void timesAreSecondsWithBuckets(Metric metric) {
        boolean time = metric.type() == Metric.Type.TIMER;

        assertEquals(time, metric.prometheusName().endsWith("_seconds"));
        assertTrue(!time || !metric.buckets().isEmpty(), "a timer has explicit buckets");
        assertEquals(metric.buckets().stream().sorted().toList(), metric.buckets());
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void noLabelCanHoldAPersonOrAPlace(Metric metric) {
        assertTrue(
                metric.labels().stream().noneMatch(label -> label.matches(".*(session|user|address|ip|text|id)")),
                () -> "" + metric.labels());
    }

    private static String row(Metric metric) {
        String labels = metric.labels().isEmpty()
                ? "–"
                : metric.labels().stream()
                        .map(label -> "`" + label.replace('.', '_') + "`")
                        .collect(joining(", "));
        return "| `" + metric.prometheusName() + "` | " + metric.type().name().toLowerCase(Locale.ROOT) + " | " + labels
                + " | " + metric.help() + " |";
    }
}
