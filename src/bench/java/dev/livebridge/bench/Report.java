package dev.livebridge.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Prints each measurement, and at the end the table of the medians beside the targets. A ratio is taken within one
 * round, because rounds differ more than relays on a busy machine; then the median of the ratios is taken.
 */
final class Report {

    /** The load at the pace of speech. */
    static final String TALK = "20 talkers, 25/s";

    /** The load at full speed. */
    static final String FULL_SPEED = "200, closed loop";

    /** The relay that all others are compared with. */
    static final String YARDSTICK = "bare, one loop";

    private static final Map<String, Target> TARGETS =
            Map.of(TALK, new Target(1.35, 1.8, 0.05, 0.2), FULL_SPEED, new Target(1.4, null, null, null));

    private final Map<String, Map<String, List<Row>>> rows = new LinkedHashMap<>();

    /**
     * One measurement.
     *
     * @param messages relayed; a round trip has two
     * @param cpuMicros per message
     * @param switches context switches per message
     * @param p50 of round trips, in milliseconds
     * @param p99 of round trips, in milliseconds
     * @param lost chunks that did not return
     */
    record Row(long messages, double cpuMicros, double switches, double p50, double p99, long lost) {}

    /** The largest values that the gateway should reach; {@code null} for none. */
    private record Target(
            double cpuRatio,
            @Nullable Double switches,
            @Nullable Double p50Above,
            @Nullable Double p99Above) {}

    static void header() {
        System.out.printf(
                "%-18s %-22s %9s %10s %9s %8s %8s %5s%n",
                "load", "relay", "messages", "CPU us/msg", "switches", "p50 ms", "p99 ms", "lost");
    }

    void add(String load, String relay, Row row) {
        System.out.printf(
                "%-18s %-22s %9d %10.1f %9.2f %8.3f %8.3f %5d%n",
                load, relay, row.messages(), row.cpuMicros(), row.switches(), row.p50(), row.p99(), row.lost());
        rows.computeIfAbsent(load, _ -> new LinkedHashMap<>())
                .computeIfAbsent(relay, _ -> new ArrayList<>())
                .add(row);
    }

    /** Prints the medians of all rounds; targets in brackets. */
    void summary() {
        System.out.printf(
                "%nMedians of the rounds; ratio and difference to '%s' of the same round; [target]%n%n", YARDSTICK);
        System.out.printf(
                "%-18s %-22s %10s %14s %15s %17s %17s %5s%n",
                "load", "relay", "CPU us/msg", "ratio", "switches/msg", "p50 ms above", "p99 ms above", "lost");
        rows.forEach((load, relays) -> {
            List<Row> bare = relays.getOrDefault(YARDSTICK, List.of());
            relays.forEach((relay, measured) -> summary(load, relay, measured, bare));
        });
    }

    private static void summary(String load, String relay, List<Row> measured, List<Row> bare) {
        Target target = relay.startsWith("livebridge") ? TARGETS.get(load) : null;
        System.out.printf(
                "%-18s %-22s %10.1f %14s %15s %17s %17s %5d%n",
                load,
                relay,
                median(measured.stream().map(Row::cpuMicros).toList()),
                cell(compared(measured, bare, Row::cpuMicros, true), target == null ? null : target.cpuRatio()),
                cell(median(measured.stream().map(Row::switches).toList()), target == null ? null : target.switches()),
                cell(compared(measured, bare, Row::p50, false), target == null ? null : target.p50Above()),
                cell(compared(measured, bare, Row::p99, false), target == null ? null : target.p99Above()),
                measured.stream().mapToLong(Row::lost).sum());
    }

    private static double compared(List<Row> measured, List<Row> bare, ToDoubleFunction<Row> value, boolean ratio) {
        List<Double> compared = new ArrayList<>();
        for (int i = 0; i < Math.min(measured.size(), bare.size()); i++) {
            double own = value.applyAsDouble(measured.get(i));
            double other = value.applyAsDouble(bare.get(i));
            compared.add(ratio ? own / other : own - other);
        }
        return median(compared);
    }

    /** The median; {@code NaN} of no values. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String cell(double value, @Nullable Double target) {
        String text = Double.isNaN(value) ? "-" : "%.2f".formatted(value);
        return target == null ? text : text + " [%.2f]".formatted(target);
    }
}
