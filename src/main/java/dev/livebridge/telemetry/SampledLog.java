package dev.livebridge.telemetry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Limits the log lines of one kind that clients can cause: the first lines of each minute are written, the others are
 * counted, and one line reports the count when the minute is over. Thread-safe.
 */
public final class SampledLog {

    /** Lines per minute that are written in full. */
    public static final int LINES_PER_MINUTE = 10;

    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Consumer<String> summaries;
    private final String what;
    private final int limit;
    private final LongSupplier nanoClock;
    private long minuteBegan;
    private int written;
    private long suppressed;

    /**
     * A limit for one kind of line.
     *
     * @param what what the lines report, in the plural, for the line with the count
     * @param summaries writes the line with the count
     */
    public SampledLog(String what, Consumer<String> summaries) {
        this(what, summaries, LINES_PER_MINUTE, System::nanoTime);
    }

    SampledLog(String what, Consumer<String> summaries, int limit, LongSupplier nanoClock) {
        this.what = what;
        this.summaries = summaries;
        this.limit = limit;
        this.nanoClock = nanoClock;
        this.minuteBegan = nanoClock.getAsLong();
    }

    /** Asks for one line; when it may not be written it is counted. */
    public boolean mayWrite() {
        summarize();
        synchronized (this) {
            if (written < limit) {
                written++;
                return true;
            }
            suppressed++;
            return false;
        }
    }

    /** Writes the count of a minute that is over. Called periodically, so that the last minute is reported too. */
    public void summarize() {
        long untold;
        synchronized (this) {
            long now = nanoClock.getAsLong();
            if (now - minuteBegan < MINUTE_NANOS) {
                return;
            }
            untold = suppressed;
            minuteBegan = now;
            written = 0;
            suppressed = 0;
        }
        if (untold > 0) {
            summaries.accept("%d more %s in the last %d s"
                    .formatted(untold, what, TimeUnit.NANOSECONDS.toSeconds(MINUTE_NANOS)));
        }
    }
}
