package dev.livebridge.load;

import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Shows how far a run is: a bar that is drawn over on a terminal, a line now and then anywhere else. */
final class Progress {

    private static final int WIDTH = 30;
    private static final long PLAIN_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final PrintStream out;
    private final boolean terminal;
    private final long totalNanos;
    private final long startedAt = System.nanoTime();
    private long printedAt = startedAt;
    private int drawn;

    Progress(PrintStream out, boolean terminal, Duration total) {
        this.out = out;
        this.terminal = terminal;
        this.totalNanos = Math.max(1, total.toNanos());
    }

    /** Tells where the run stands, if it is time to. */
    void show(String doing, int talkers, Scores scores) {
        long now = System.nanoTime();
        if (!terminal && now - printedAt < PLAIN_EVERY_NANOS) {
            return;
        }
        printedAt = now;
        double share = Math.min(1, (double) (now - startedAt) / totalNanos);
        String line = String.format(
                Locale.ROOT,
                "%3.0f %%  %s, %d talkers, %d turns, %s, %d reconnects, %d lost or cut",
                100 * share,
                doing,
                talkers,
                scores.of(Count.TURNS),
                latency(scores),
                scores.of(Count.RECONNECTED),
                faults(scores));
        if (terminal) {
            int filled = (int) (share * WIDTH);
            String bar = "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + line;
            out.print("\r" + bar + " ".repeat(Math.max(0, drawn - bar.length())));
            drawn = bar.length();
        } else {
            out.println(line);
        }
        out.flush();
    }

    private static String latency(Scores scores) {
        Histogram echo = scores.of(Timing.ECHO);
        Histogram histogram = echo.getTotalCount() > 0 ? echo : scores.of(Timing.ANSWER);
        return histogram.getTotalCount() == 0
                ? "nothing heard yet"
                : String.format(Locale.ROOT, "p99 %.1f ms", histogram.getValueAtPercentile(99) / 1e6);
    }

    private static long faults(Scores scores) {
        long faults = 0;
        for (Count count : Count.values()) {
            faults += count.isFault() ? scores.of(count) : 0;
        }
        return faults;
    }

    /** Leaves the bar's line. */
    void end() {
        if (terminal) {
            out.println();
        }
    }
}
