package dev.livebridge.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * The report of a run, for people and for programs.
 *
 * @param options what was asked for
 * @param steps what was measured; may be fewer than were asked for when the run was ended early
 * @param total everything from the first connection to the last
 * @param endedEarly whether the run was ended early
 */
record LoadReport(LoadOptions options, List<StepResult> steps, Scores total, boolean endedEarly) {

    private static final int LABEL_WIDTH = 40;
    private static final int COLUMN_WIDTH = 12;

    /** Whether nothing that must not happen did. */
    boolean isClean() {
        return !total.hasFaults() && total.of(Count.CONVERSATIONS) > 0;
    }

    /** A table with a column per step. */
    String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%s, %s, dialect %s%s%n%n",
                options.target(),
                options.exercise().name().toLowerCase(Locale.ROOT),
                options.dialect().name().toLowerCase(Locale.ROOT),
                endedEarly ? ", ended early" : ""));
        row(table, "talkers", step -> "" + step.talkers());
        row(table, "  with a conversation at the end", step -> "" + step.ready());
        row(table, "seconds measured", step -> number(step.seconds()));
        row(table, "chunks sent per second", step -> number(step.scores().of(Count.CHUNKS_SENT) / step.seconds()));
        row(
                table,
                "pieces of sound heard per second",
                step -> number(step.scores().of(Count.CHUNKS_HEARD) / step.seconds()));
        for (Timing timing : Timing.values()) {
            if (steps.stream().anyMatch(step -> step.scores().of(timing).getTotalCount() > 0)) {
                row(table, timing.words() + ", p50 ms", step -> millis(step, timing, 50));
                row(table, "  p99", step -> millis(step, timing, 99));
                row(table, "  longest", step -> millis(step, timing, 100));
            }
        }
        if (steps.stream().anyMatch(step -> step.service() != null)) {
            serviceRows(table);
        }
        if (steps.stream().anyMatch(StepResult::generatorWasLate)) {
            table.append(String.format(
                    "%nThis program was late itself: the machine it runs on is too busy for the latencies above.%n"));
        }
        table.append(String.format("%n%-" + LABEL_WIDTH + "s%" + COLUMN_WIDTH + "s%n", "in the whole run", ""));
        for (Count count : Count.values()) {
            if (total.of(count) > 0 || count.isFault()) {
                table.append(String.format(
                        Locale.ROOT, "%-" + LABEL_WIDTH + "s%" + COLUMN_WIDTH + "d%n", count.words(), total.of(count)));
            }
        }
        total.losses().forEach((why, many) -> table.append(String.format("lost: %s (%d)%n", why, many)));
        Histogram gaps = total.of(Timing.GAP);
        if (gaps.getTotalCount() > 0) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-" + LABEL_WIDTH + "s%" + COLUMN_WIDTH + "s%n",
                    "longest gap of a reconnect, ms",
                    number(gaps.getMaxValue() / 1e6)));
        }
        if (steps.stream().anyMatch(step -> step.service() != null)) {
            table.append(podSize());
        }
        return table.toString();
    }

    private void serviceRows(StringBuilder table) {
        row(
                table,
                "service's share up, p50 ms",
                step -> share(step, figures -> figures.up().p50()));
        row(table, "  p99", step -> share(step, figures -> figures.up().p99()));
        row(
                table,
                "service's share down, p50 ms",
                step -> share(step, figures -> figures.down().p50()));
        row(table, "  p99", step -> share(step, figures -> figures.down().p99()));
        row(table, "service's CPU, cores", step -> number(step.coresUsed()));
        row(
                table,
                "  microseconds per relayed message",
                step -> service(step, figures -> figures.cpuSeconds() * 1e6 / figures.messages()));
        row(table, "  sessions per core", step -> number(step.ready() / step.coresUsed()));
        row(table, "within the bounds", step -> step.carried(options.bounds()) ? "yes" : "no");
    }

    private String podSize() {
        InstanceSize size = InstanceSize.of(steps, options.bounds());
        return String.format(
                Locale.ROOT,
                "%nsessions per instance: %d (the largest step with a share below %s ms and less than %d %% CPU%s); by CPU alone"
                        + " about %.0f%n",
                size.carried(),
                number(options.bounds().shareP99Millis()),
                options.bounds().cpuPercent(),
                size.limitSeen() ? "" : "; no larger one was tried",
                size.byCpu());
    }

    private void row(StringBuilder table, String label, Function<StepResult, String> cell) {
        table.append(String.format("%-" + LABEL_WIDTH + "s", label));
        steps.forEach(step -> table.append(String.format("%" + COLUMN_WIDTH + "s", cell.apply(step))));
        table.append(System.lineSeparator());
    }

    private static String millis(StepResult step, Timing timing, double percentile) {
        Histogram histogram = step.scores().of(timing);
        return histogram.getTotalCount() == 0 ? "-" : number(histogram.getValueAtPercentile(percentile) / 1e6);
    }

    private static String share(StepResult step, Function<ServiceFigures, Double> seconds) {
        return service(step, figures -> 1e3 * seconds.apply(figures));
    }

    private static String service(StepResult step, Function<ServiceFigures, Double> figure) {
        return step.service() == null ? "-" : number(figure.apply(step.service()));
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** The same for programs; times in milliseconds. */
    String json() {
        ObjectNode root = Json.object();
        root.put("target", options.target().toString());
        root.put("exercise", options.exercise().name().toLowerCase(Locale.ROOT));
        root.put("dialect", options.dialect().name().toLowerCase(Locale.ROOT));
        root.put("endedEarly", endedEarly);
        root.put("clean", isClean());
        for (StepResult step : steps) {
            ObjectNode entry = root.withArray("steps").addObject();
            entry.put("talkers", step.talkers());
            entry.put("ready", step.ready());
            entry.put("seconds", step.seconds());
            entry.put("generatorWasLate", step.generatorWasLate());
            addScores(entry, step.scores());
            if (step.service() != null) {
                addService(entry.putObject("service"), step, step.service());
            }
        }
        addScores(root.putObject("total"), total);
        if (steps.stream().anyMatch(step -> step.service() != null)) {
            InstanceSize size = InstanceSize.of(steps, options.bounds());
            ObjectNode instance = root.putObject("sessionsPerInstance");
            instance.put("carried", size.carried());
            instance.put("limitSeen", size.limitSeen());
            putFinite(instance, "sessionsPerCore", size.sessionsPerCore());
            putFinite(instance, "byCpu", size.byCpu());
        }
        return Json.pretty(root);
    }

    private static void addScores(ObjectNode entry, Scores scores) {
        ObjectNode counts = entry.putObject("counts");
        for (Count count : Count.values()) {
            counts.put(camelCase(count.name()), scores.of(count));
        }
        ObjectNode losses = entry.putObject("lostBecause");
        scores.losses().forEach(losses::put);
        ObjectNode timings = entry.putObject("millis");
        for (Timing timing : Timing.values()) {
            Histogram histogram = scores.of(timing);
            if (histogram.getTotalCount() > 0) {
                timings.putObject(camelCase(timing.name()))
                        .put("count", histogram.getTotalCount())
                        .put("p50", histogram.getValueAtPercentile(50) / 1e6)
                        .put("p90", histogram.getValueAtPercentile(90) / 1e6)
                        .put("p99", histogram.getValueAtPercentile(99) / 1e6)
                        .put("max", histogram.getMaxValue() / 1e6);
            }
        }
    }

    private void addService(ObjectNode entry, StepResult step, ServiceFigures figures) {
        entry.put("cores", figures.cores());
        entry.put("cpuSeconds", figures.cpuSeconds());
        entry.put("messages", figures.messages());
        putFinite(entry, "cpuMicrosPerMessage", figures.cpuSeconds() * 1e6 / figures.messages());
        putFinite(entry, "shareUpP50Millis", figures.up().p50() * 1e3);
        putFinite(entry, "shareUpP99Millis", figures.up().p99() * 1e3);
        putFinite(entry, "shareDownP50Millis", figures.down().p50() * 1e3);
        putFinite(entry, "shareDownP99Millis", figures.down().p99() * 1e3);
        entry.put("withinBounds", step.carried(options.bounds()));
    }

    /** JSON has no word for "unknown" but absence. */
    private static void putFinite(ObjectNode entry, String name, double value) {
        if (Double.isFinite(value)) {
            entry.put(name, value);
        }
    }

    private static String camelCase(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
