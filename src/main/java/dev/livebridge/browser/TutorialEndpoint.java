package dev.livebridge.browser;

import dev.livebridge.browser.dialect.TutorialDialect;
import dev.livebridge.policy.ClientPolicy;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/** {@code ws://HOST:9080/}: the protocol of the tutorial, for its pages and clients derived from them. */
@WebSocket(path = "/", endpointId = "tutorial", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class TutorialEndpoint extends ClientEndpoint {

    TutorialEndpoint(ClientServices services, ClientPolicy policy) {
        super(TutorialDialect::new, policy, services);
    }
}
