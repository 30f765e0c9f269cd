package dev.livebridge.session.upstream;

import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.message.ConnectionTraits;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection to the model may take.
 *
 * @param configuredAge age at which it is renewed in a pause; {@code null} when the model decides
 * @param stallTimeout time for which it may take nothing although there is something to take
 * @param silenceTimeout time for which nothing may be heard on it, not even the answer to a ping
 * @param attempts to make it again after a loss
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

    /** The age at which a connection to a model with these traits is renewed in a pause. */
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
