package dev.livebridge.browser;

import dev.livebridge.browser.dialect.LiveDialect;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/** {@code ws://HOST:9080/live}: what our own web client speaks (docs/live-protocol.md). */
@WebSocket(path = "/live", endpointId = "live", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class LiveEndpoint extends ClientEndpoint {

    LiveEndpoint(SessionRegistry sessions, Meters meters, LivebridgeConfig config, ClientPolicy policy) {
        super(new LiveDialect(rules(policy)), sessions, meters, config);
    }
}
