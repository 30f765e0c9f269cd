package dev.livebridge.browser;

import dev.livebridge.browser.dialect.TutorialDialect;
import dev.livebridge.policy.ClientPolicy;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/** {@code ws://HOST:9080/}: the tutorial's wire, for its pages and everything written after them. */
@WebSocket(path = "/", endpointId = "tutorial", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class TutorialEndpoint extends ClientEndpoint {

    TutorialEndpoint(ClientServices services, ClientPolicy policy) {
        super(new TutorialDialect(rules(policy)), services);
    }
}
