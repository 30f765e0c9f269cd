package dev.livebridge.browser;

import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.MemberRules;
import dev.livebridge.config.LivebridgeConfig;
import dev.livebridge.policy.ClientPolicy;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnPongMessage;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.buffer.Buffer;

/** What all paths for clients have in common: each speaks one dialect. */
abstract class ClientEndpoint {

    private final Dialect dialect;
    private final SessionRegistry sessions;
    private final Meters meters;
    private final int maxMessageBytes;

    ClientEndpoint(Dialect dialect, SessionRegistry sessions, Meters meters, LivebridgeConfig config) {
        this.dialect = dialect;
        this.sessions = sessions;
        this.maxMessageBytes = config.session().maxMessageBytes();
        this.meters = meters;
    }

    /** What the operator's policy means for single messages. */
    static MemberRules rules(ClientPolicy policy) {
        return new MemberRules(policy.fileUris(), policy.unknownMembers(), policy.systemTurns());
    }

    @OnOpen
    @NonBlocking
    void open(WebSocketConnection connection) {
        connection
                .userData()
                .put(ClientSocket.KEY, new ClientSocket(connection, dialect, sessions, meters, maxMessageBytes));
    }

    @OnTextMessage
    @NonBlocking
    void text(String text, WebSocketConnection connection) {
        ClientSocket.of(connection).onText(text);
    }

    @OnBinaryMessage
    @NonBlocking
    void binary(Buffer data, WebSocketConnection connection) {
        ClientSocket.of(connection).onBinary(data.getBytes());
    }

    @OnPongMessage
    @NonBlocking
    void pong(Buffer payload, WebSocketConnection connection) {
        ClientSocket.of(connection).onPong(payload);
    }

    @OnClose
    @NonBlocking
    void close(CloseReason reason, WebSocketConnection connection) {
        ClientSocket.of(connection).onClose(reason);
    }

    @OnError
    @NonBlocking
    void error(Throwable failure, WebSocketConnection connection) {
        ClientSocket.of(connection).onError(failure);
    }
}
