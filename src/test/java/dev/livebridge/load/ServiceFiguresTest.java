package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceFiguresTest {

    private static final String PAGE = """
            # HELP process_cpu_time_ns_total The "cpu time" used
            # TYPE process_cpu_time_ns_total counter
            process_cpu_time_ns_total %s
            system_cpu_count 2.0
            livebridge_relay_latency_seconds_bucket{dialect="live",direction="up",kind="audio",le="0.001"} %s
            livebridge_relay_latency_seconds_bucket{dialect="live",direction="up",kind="audio",le="0.01"} %s
            livebridge_relay_latency_seconds_bucket{dialect="live",direction="up",kind="audio",le="+Inf"} %s
            livebridge_relay_latency_seconds_bucket{dialect="live",direction="up",kind="text",le="+Inf"} 5000
            livebridge_relay_latency_seconds_count{dialect="live",direction="up",kind="audio"} %s
            not a sample
            """;

    @Test
    void theDifferenceOfTwoScrapesIsWhatAStepCost() throws LoadFailedException {
        PrometheusPage before = PrometheusPage.read(PAGE.formatted("1.0E9", 100, 100, 100, 100));
        PrometheusPage after = PrometheusPage.read(PAGE.formatted("3.5E9", 1_000, 1_100, 1_100, 1_100));

        ServiceFigures figures = ServiceFigures.between(before, after);

        assertEquals(2, figures.cores());
        assertEquals(2.5, figures.cpuSeconds(), 1e-9);
        assertEquals(1_000, figures.messages());
        // 900 of 1000 took less than 1 ms: the median is 5/9 of the way into the first bucket.
        assertEquals(0.001 * 5 / 9, figures.up().p50(), 1e-9);
        assertEquals(0.001 + 0.009 * 0.9, figures.up().p99(), 1e-9);
        assertTrue(Double.isNaN(figures.down().p99()), "nothing went down");
        assertEquals(9.1, figures.shareP99Millis(), 1e-9);
    }

    @Test
    void thePageOfSomethingElseIsRefused() {
        PrometheusPage other = PrometheusPage.read("up 1\n");

        LoadFailedException refused =
                assertThrows(LoadFailedException.class, () -> ServiceFigures.between(other, other));

        assertEquals(
                "--metrics has no process_cpu_time_ns_total; is it the service's /q/metrics?", refused.getMessage());
    }

    @Test
    void whatLiesBeyondTheLastBoundIsReportedAsTheLastBound() {
        TreeMap<Double, Double> buckets = new TreeMap<>(Map.of(1.0, 10.0, Double.POSITIVE_INFINITY, 100.0));

        assertEquals(1.0, ServiceFigures.quantile(buckets, 0.99));
    }

    @Test
    void anInstanceCarriesTheLargestStepWithinTheBounds() {
        Bounds bounds = new Bounds(5, 50);
        List<StepResult> steps = List.of(step(10, 0.1, 0.001), step(100, 0.9, 0.004), step(200, 1.9, 0.004));

        InstanceSize size = InstanceSize.of(steps, bounds);

        assertEquals(100, size.carried());
        assertTrue(size.limitSeen());
        assertEquals(200 / 1.9, size.sessionsPerCore(), 1e-6);
        assertEquals(200 / 1.9, size.byCpu(), 1e-6, "half of two cores is one");
    }

    @Test
    void aStepIsNotCarriedWithALargeShareAMissingTalkerOrAFault() {
        Bounds bounds = new Bounds(5, 50);
        StepResult slow = step(10, 0.1, 0.006);
        StepResult good = step(10, 0.1, 0.001);
        StepResult lonely = new StepResult(10, 9, good.measured(), good.scores(), good.service());
        StepResult faulty = step(10, 0.1, 0.001);
        faulty.scores().count(Scores.Count.ECHOES_LOST);

        assertTrue(good.carried(bounds));
        assertFalse(InstanceSize.of(List.of(good), bounds).limitSeen());
        for (StepResult step : List.of(slow, lonely, faulty)) {
            assertFalse(step.carried(bounds));
            assertEquals(0, InstanceSize.of(List.of(step), bounds).carried());
        }
    }

    private static StepResult step(int talkers, double coresUsed, double p99) {
        ServiceFigures.Share share = new ServiceFigures.Share(p99 / 2, p99);
        ServiceFigures figures = new ServiceFigures(2, 10 * coresUsed, 1_000, share, share);
        return new StepResult(talkers, talkers, Duration.ofSeconds(10), new Scores(), figures);
    }
}
