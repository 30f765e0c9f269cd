package dev.livebridge.telemetry;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of started and ended sessions. A scrape reads both at one moment, so that they balance; separate meters would
 * be read one after the other.
 */
public final class SessionCounts extends Collector implements Collector.Describable {

    private final Map<String, Long> started = new TreeMap<>();
    private final Map<String, Long> ended = new TreeMap<>();

    /**
     * The counters at one moment.
     *
     * @param started sessions begun, by dialect
     * @param ended sessions ended, by cause
     */
    public record Snapshot(Map<String, Long> started, Map<String, Long> ended) {

        /** All sessions started so far. */
        public long begun() {
            return started.values().stream().mapToLong(Long::longValue).sum();
        }

        /** All sessions ended so far. */
        public long over() {
            return ended.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    SessionCounts() {}

    /** Shows a dialect or a cause from the start, so that its first event is a growth. */
    synchronized void expect(List<String> dialects, List<String> causes) {
        dialects.forEach(dialect -> started.putIfAbsent(dialect, 0L));
        causes.forEach(cause -> ended.putIfAbsent(cause, 0L));
    }

    synchronized void begin(String dialect) {
        started.merge(dialect, 1L, Long::sum);
    }

    synchronized void end(String cause) {
        ended.merge(cause, 1L, Long::sum);
    }

    /** Both counters, at this moment. */
    public synchronized Snapshot snapshot() {
        return new Snapshot(new TreeMap<>(started), new TreeMap<>(ended));
    }

    @Override
    public List<MetricFamilySamples> collect() {
        Snapshot now = snapshot();
        MetricFamilySamples active = family(Metric.SESSIONS_ACTIVE, Type.GAUGE);
        active.samples.add(
                new MetricFamilySamples.Sample(active.name, List.of(), List.of(), (double) now.begun() - now.over()));
        return List.of(
                active, counter(Metric.SESSIONS_STARTED, now.started()), counter(Metric.SESSIONS_ENDED, now.ended()));
    }

    @Override
    public List<MetricFamilySamples> describe() {
        return List.of(
                family(Metric.SESSIONS_ACTIVE, Type.GAUGE),
                family(Metric.SESSIONS_STARTED, Type.COUNTER),
                family(Metric.SESSIONS_ENDED, Type.COUNTER));
    }

    private static MetricFamilySamples counter(Metric metric, Map<String, Long> values) {
        MetricFamilySamples family = family(metric, Type.COUNTER);
        values.forEach((label, value) -> family.samples.add(
                new MetricFamilySamples.Sample(metric.prometheusName(), metric.labels(), List.of(label), value)));
        return family;
    }

    private static MetricFamilySamples family(Metric metric, Type type) {
        return new MetricFamilySamples(metric.prometheusName(), type, metric.help(), new ArrayList<>());
    }
}
