package dev.livebridge.browser;

import dev.livebridge.browser.dialect.LiveDialect;
import dev.livebridge.policy.ClientPolicy;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/** {@code ws://HOST:9080/live}: the protocol of the web client (docs/live-protocol.md). */
@WebSocket(path = "/live", endpointId = LiveEndpoint.ID, inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class LiveEndpoint extends ClientEndpoint {

    static final String ID = "live";

    LiveEndpoint(ClientServices services, ClientPolicy policy) {
        super(LiveDialect::new, policy, services);
    }
}
