package dev.livebridge.session.upstream;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ConnectionTraits;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a connection to the model.
 *
 * @param configuredAge age at which it is replaced in a pause; {@code null} for the age of the model
 * @param stallTimeout longest time without progress while writes are outstanding
 * @param silenceTimeout longest time without a frame, including pongs
 * @param attempts to reconnect after a loss
 */
public record UpstreamLimits(
        @Nullable Duration configuredAge, Duration stallTimeout, Duration silenceTimeout, int attempts) {

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);

    /** Gemini ends a connection at about ten minutes (gemini-live-api.md section 9). */
    private static final Duration USUAL_AGE = Duration.ofMinutes(9);

    public UpstreamLimits {
        if (configuredAge != null) {
            atLeast(MIN_TIMEOUT, configuredAge, "livebridge.upstream.max-connection-age");
        }
        atLeast(MIN_TIMEOUT, stallTimeout, "livebridge.upstream.stall-timeout");
        atLeast(MIN_TIMEOUT, silenceTimeout, "livebridge.upstream.silence-timeout");
        if (attempts < 0) {
            throw new ConfigurationException(
                    "livebridge.upstream.reconnect-attempts must not be negative, but is " + attempts + ".");
        }
    }

    private static void atLeast(Duration least, Duration actual, String property) {
        if (actual.compareTo(least) < 0) {
            throw new ConfigurationException(
                    property + " must be at least " + least.toSeconds() + "s, but is " + actual.toMillis() + "ms.");
        }
    }

    /** The age at which a connection to a model with these traits is replaced in a pause. */
    public Duration maxAge(ConnectionTraits traits) {
        if (configuredAge != null) {
            return configuredAge;
        }
        return traits.maxAge() == null ? USUAL_AGE : traits.maxAge();
    }

    public static UpstreamLimits of(LivebridgeConfig config) {
        LivebridgeConfig.Upstream upstream = config.upstream();
        return new UpstreamLimits(
                upstream.maxConnectionAge().orElse(null),
                upstream.stallTimeout(),
                upstream.silenceTimeout(),
                upstream.reconnectAttempts());
    }
}
