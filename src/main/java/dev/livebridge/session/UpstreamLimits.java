package dev.livebridge.session;

import dev.livebridge.config.LivebridgeConfig;
import java.time.Duration;

/**
 * What a connection to the model may take.
 *
 * @param maxAge age at which it is renewed in a pause
 * @param stallTimeout time for which it may take nothing although there is something to take
 * @param attempts to make it again after a loss
 */
record UpstreamLimits(Duration maxAge, Duration stallTimeout, int attempts) {

    static UpstreamLimits of(LivebridgeConfig config) {
        LivebridgeConfig.Upstream upstream = config.upstream();
        return new UpstreamLimits(upstream.maxConnectionAge(), upstream.stallTimeout(), upstream.reconnectAttempts());
    }
}
