package dev.livebridge.browser;

import dev.livebridge.access.Caller;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.GeminiDialect;
import dev.livebridge.browser.dialect.MemberRules;
import dev.livebridge.browser.dialect.SetupLock;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.resumption.HandleOwner;
import dev.livebridge.resumption.HandleSealer;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.WebSocket;
import java.util.List;

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
    Dialect dialect(Caller caller, MemberRules applicable, Dialect shared) {
        TokenGrant token = caller.token();
        if (token == null) {
            HandleOwner owner = HandleOwner.of(caller.tokenSubject(), null, null, List.of());
            return new GeminiDialect(applicable, handles, SetupLock.NONE, owner);
        }
        HandleOwner owner = HandleOwner.of(caller.tokenSubject(), token.id(), token.setup(), token.mask());
        if (token.setup() == null) {
            return new GeminiDialect(applicable, handles, SetupLock.NONE, owner);
        }
        SetupLock lock = SetupLock.of(token.setup(), token.mask());
        // An unknown member could change what the token locks.
        MemberRules known = applicable.withoutUnknownMembers();
        return new GeminiDialect(lock.locksInstruction() ? withoutTurns(known) : known, handles, lock, owner);
    }
}
