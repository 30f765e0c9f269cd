package dev.livebridge.browser;

import dev.livebridge.browser.dialect.LiveDialect;
import dev.livebridge.policy.ClientPolicy;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/** {@code ws://HOST:9080/live}: what our own web client speaks (docs/live-protocol.md). */
@WebSocket(path = "/live", endpointId = "live", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class LiveEndpoint extends ClientEndpoint {

    LiveEndpoint(ClientServices services, ClientPolicy policy) {
        super(new LiveDialect(rules(policy)), services);
    }
}
