package dev.livebridge.simulator;

import dev.livebridge.config.SimulatorConfig;
import java.time.Duration;

/** A simulator's configuration for tests: the defaults, but no pauses for thought. */
record Settings(
        Duration setupDelay, Duration goAwayAfter, Duration goAwayTimeLeft, double deliverySpeed, boolean strict)
        implements SimulatorConfig {

    static final Settings QUICK =
            new Settings(Duration.ofMillis(5), Duration.ofMinutes(9), Duration.ofSeconds(50), 50, true);

    static final Settings REAL =
            new Settings(Duration.ofMillis(200), Duration.ofMinutes(9), Duration.ofSeconds(50), 3.6, true);

    Settings lenient() {
        return new Settings(setupDelay, goAwayAfter, goAwayTimeLeft, deliverySpeed, false);
    }

    Settings goingAwayAfter(Duration age, Duration timeLeft) {
        return new Settings(setupDelay, age, timeLeft, deliverySpeed, strict);
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public Duration firstAudioDelay() {
        return Duration.ofMillis(20);
    }
}
