package dev.livebridge.browser;

import dev.livebridge.access.AccessRefusal;
import dev.livebridge.access.Caller;
import dev.livebridge.browser.CapacityCheck.Place;
import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.MemberRules;
import dev.livebridge.policy.ClientPolicy;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** Base class of the WebSocket endpoints for clients. Each endpoint uses one {@link Dialect}. */
abstract class ClientEndpoint {

    private final MemberRules rules;
    private final Dialect dialect;
    private final Dialect withoutInstruction;
    private final ClientServices services;

    /** @param dialect by the rules for single messages */
    ClientEndpoint(Function<MemberRules, Dialect> dialect, ClientPolicy policy, ClientServices services) {
        this.rules = rules(policy);
        this.dialect = dialect.apply(rules);
        this.withoutInstruction = dialect.apply(withoutTurns(rules));
        this.services = services;
    }

    /** The rules for single messages that follow from the operator's policy. */
    private static MemberRules rules(ClientPolicy policy) {
        return new MemberRules(policy.fileUris(), policy.unknownMembers(), policy.systemTurns());
    }

    @OnOpen
    @NonBlocking
    void open(WebSocketConnection connection) {
        AccessRefusal refusal = connection.userData().get(AccessCheck.REFUSAL);
        if (refusal != null) {
            connection
                    .close(GeminiRefusal.of(refusal, connection.handshakeRequest()))
                    .subscribe()
                    .with(_ -> {}, ClientSocket::logFailure);
            return;
        }
        Place place = connection.userData().get(CapacityCheck.PLACE);
        Caller caller = connection.userData().get(AccessCheck.CALLER);
        ClientSocket socket = new ClientSocket(connection, dialect(place, caller), services, place);
        connection.userData().put(ClientSocket.KEY, socket);
        place.guard().bind(socket);
        place.guard().messages().receive(socket);
    }

    /** A turn with the role {@code system} is an instruction, too. */
    private Dialect dialect(Place place, Caller caller) {
        boolean instructs = place.budget().permissions().systemInstruction();
        return dialect(caller, instructs ? rules : withoutTurns(rules), instructs ? dialect : withoutInstruction);
    }

    /**
     * The dialect for a caller.
     *
     * @param shared the dialect by these rules, for all callers
     * @throws IllegalStateException for an ephemeral token on a path that takes none
     */
    Dialect dialect(Caller caller, MemberRules applicable, Dialect shared) {
        if (caller.token() != null) {
            throw new IllegalStateException("this path takes no ephemeral tokens");
        }
        return shared;
    }

    static MemberRules withoutTurns(MemberRules rules) {
        return new MemberRules(rules.fileUris(), rules.unknownMembers(), false);
    }

    @OnPongMessage
    @NonBlocking
    void pong(Buffer payload, WebSocketConnection connection) {
        ClientSocket.of(connection).ifPresent(socket -> socket.onPong(payload));
    }

    @OnClose
    @NonBlocking
    void close(CloseReason reason, WebSocketConnection connection) {
        ClientSocket.of(connection).ifPresent(socket -> socket.onClose(reason));
    }

    @OnError
    @NonBlocking
    void error(Throwable failure, WebSocketConnection connection) {
        ClientSocket.of(connection).ifPresent(socket -> socket.onError(failure));
    }
}
