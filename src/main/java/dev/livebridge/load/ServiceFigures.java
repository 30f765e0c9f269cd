package dev.livebridge.load;

import dev.livebridge.telemetry.Metric;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the service itself says about one step: the difference of two scrapes.
 *
 * @param cores how many it may use
 * @param cpuSeconds it used
 * @param messages it relayed, both ways, all kinds
 * @param up its share of a chunk's way to the model, seconds
 * @param down its share of a piece of sound's way to the client, seconds
 */
record ServiceFigures(double cores, double cpuSeconds, double messages, Share up, Share down) {

    private static final String RELAY = Metric.RELAY_LATENCY.prometheusName();
    private static final String CPU_NANOS = "process_cpu_time_ns_total";
    private static final String CORES = "system_cpu_count";

    /** Two percentiles of a latency, in seconds; NaN when nothing was relayed. */
    record Share(double p50, double p99) {}

    /**
     * Compares two scrapes.
     *
     * @throws LoadFailedException when the page is not that of this service
     */
    static ServiceFigures between(PrometheusPage before, PrometheusPage after) throws LoadFailedException {
        for (String name : new String[] {CPU_NANOS, CORES}) {
            if (!after.has(name)) {
                throw new LoadFailedException("--metrics has no " + name + "; is it the service's /q/metrics?");
            }
        }
        return new ServiceFigures(
                after.sum(CORES, Map.of()),
                (after.sum(CPU_NANOS, Map.of()) - before.sum(CPU_NANOS, Map.of())) / 1e9,
                after.sum(RELAY + "_count", Map.of()) - before.sum(RELAY + "_count", Map.of()),
                share(before, after, "up"),
                share(before, after, "down"));
    }

    private static Share share(PrometheusPage before, PrometheusPage after, String direction) {
        Map<String, String> audio = Map.of("direction", direction, "kind", "audio");
        TreeMap<Double, Double> buckets = after.buckets(RELAY, audio);
        before.buckets(RELAY, audio).forEach((bound, count) -> buckets.merge(bound, -count, Double::sum));
        return new Share(quantile(buckets, 0.5), quantile(buckets, 0.99));
    }

    /** Within a bucket values are taken to be spread evenly, as Prometheus' histogram_quantile does. */
    static double quantile(TreeMap<Double, Double> buckets, double rank) {
        double total = buckets.isEmpty() ? 0 : buckets.lastEntry().getValue();
        if (total <= 0) {
            return Double.NaN;
        }
        double wanted = rank * total;
        double lowerBound = 0;
        double lowerCount = 0;
        for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
            if (bucket.getValue() >= wanted) {
                double within = (wanted - lowerCount) / (bucket.getValue() - lowerCount);
                return bucket.getKey().isInfinite() ? lowerBound : lowerBound + within * (bucket.getKey() - lowerBound);
            }
            lowerBound = bucket.getKey();
            lowerCount = bucket.getValue();
        }
        return lowerBound;
    }

    /** The worse of both directions, 99th percentile, milliseconds. */
    double shareP99Millis() {
        return 1e3
                * (Double.isNaN(up.p99())
                        ? down.p99()
                        : Double.isNaN(down.p99()) ? up.p99() : Math.max(up.p99(), down.p99()));
    }
}
