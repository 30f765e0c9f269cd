package dev.livebridge.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param target scheme, host and port of the service
 * @param dialect the wire format the talkers speak
 * @param exercise what the talkers do
 * @param steps how many talkers each step has, rising
 * @param ramp how long it takes to reach a step
 * @param duration how long a step is measured
 * @param talkerSettings how the talkers behave
 * @param metrics the service's scrape page, when its own figures are wanted
 * @param bounds what a step may cost to count as carried
 * @param json where the figures go as JSON
 */
record LoadOptions(
        URI target,
        DialectName dialect,
        Exercise exercise,
        List<Integer> steps,
        Duration ramp,
        Duration duration,
        TalkerSettings talkerSettings,
        @Nullable URI metrics,
        Bounds bounds,
        @Nullable Path json) {}
