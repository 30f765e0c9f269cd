package dev.livebridge.load;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one step showed.
 *
 * @param talkers who were asked for
 * @param ready of them who had a conversation at its end
 * @param measured how long
 * @param scores what they counted and timed
 * @param service what the service said about it, when it was asked
 */
record StepResult(
        int talkers,
        int ready,
        Duration measured,
        Scores scores,
        @Nullable ServiceFigures service) {

    /** Lateness from which the generator's own delay would be taken for the service's, 99th percentile. */
    private static final long LATE_NANOS = 5_000_000;

    double seconds() {
        return measured.toNanos() / 1e9;
    }

    /** Cores the service was busy with, on average; NaN when it was not asked. */
    double coresUsed() {
        return service == null ? Double.NaN : service.cpuSeconds() / seconds();
    }

    /** Whether this program sent chunks too late, so that its latencies do not describe the service. */
    boolean generatorWasLate() {
        return scores.of(Scores.Timing.LATENESS).getValueAtPercentile(99) > LATE_NANOS;
    }

    /** Whether the service carried it: everybody was there, nothing went wrong, and it kept within the bounds. */
    boolean carried(Bounds bounds) {
        return service != null
                && ready == talkers
                && !scores.hasFaults()
                && service.shareP99Millis() <= bounds.shareP99Millis()
                && coresUsed() <= service.cores() * bounds.cpuPercent() / 100;
    }
}
