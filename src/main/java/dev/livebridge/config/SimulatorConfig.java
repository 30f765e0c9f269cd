package dev.livebridge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The built-in simulator of Gemini; read only if it is the backend. */
@ConfigMapping(prefix = "livebridge.simulator")
public interface SimulatorConfig {

    /** Port on 127.0.0.1; 0 takes any free one. */
    @WithDefault("0")
    int port();

    /** Time from the setup frame to {@code setupComplete}. */
    @WithDefault("200ms")
    Duration setupDelay();

    /** Age of a connection at which {@code goAway} is sent. */
    @WithDefault("540s")
    Duration goAwayAfter();

    /** Time between {@code goAway} and the close. */
    @WithDefault("50s")
    Duration goAwayTimeLeft();

    /** Delivery speed of spoken audio as a multiple of real time. */
    @WithDefault("3.6")
    double deliverySpeed();

    /** Time from the end of input to the first audio. */
    @WithDefault("300ms")
    Duration firstAudioDelay();

    /** Whether unknown fields close the connection, as the real service does. */
    @WithDefault("true")
    boolean strict();
}
