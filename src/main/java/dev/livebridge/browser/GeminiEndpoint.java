package dev.livebridge.browser;

import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.GeminiDialect;
import dev.livebridge.browser.dialect.MemberRules;
import dev.livebridge.browser.dialect.SetupLock;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.resumption.HandleSealer;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;

/**
 * Gemini Live's own paths (gemini-live-api.md section 2.1), with one or two leading slashes, so that an SDK needs only
 * the gateway's base URL.
 */
@WebSocket(
        path = GeminiEndpoint.PATH,
        endpointId = GeminiEndpoint.ID,
        inboundProcessingMode = InboundProcessingMode.CONCURRENT)
public class GeminiEndpoint extends ClientEndpoint {

    static final String ID = "gemini";
    static final String PATH = "/ws/google.ai.generativelanguage.{version}.GenerativeService.{method}";

    private final HandleSealer handles;

    GeminiEndpoint(ClientServices services, ClientPolicy policy, HandleSealer handles) {
        super(rules -> new GeminiDialect(rules, handles), policy, services);
        this.handles = handles;
    }

    @Override
    Dialect locked(MemberRules applicable, SetupLock lock) {
        return new GeminiDialect(applicable, handles, lock);
    }
}
