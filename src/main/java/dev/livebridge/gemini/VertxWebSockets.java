package dev.livebridge.gemini;

import io.netty.channel.ChannelHandlerContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.websockets.next.WebSocketClientConnection;
import io.quarkus.websockets.next.runtime.WebSocketConnectionBase;
import io.vertx.core.http.impl.WebSocketInternal;
import jakarta.inject.Singleton;
import java.lang.reflect.Method;

/**
 * The Netty channel below a connection of Quarkus' WebSocket client.
 *
 * <p>Quarkus has no public way to it, so a method of its implementation is called by reflection, once per connection.
 * The service does not start with a version of Quarkus that lacks the method.
 */
@Singleton
@RegisterForReflection(targets = WebSocketConnectionBase.class, fields = false)
class VertxWebSockets {

    private final Method webSocket;

    /** @throws IllegalStateException when this version of Quarkus has no such method */
    VertxWebSockets() {
        try {
            webSocket = WebSocketConnectionBase.class.getDeclaredMethod("webSocket");
            webSocket.setAccessible(true);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Quarkus has another WebSocket client than this version needs", e);
        }
    }

    /** The context of Vert.x' handler in the pipeline of an open connection. */
    ChannelHandlerContext channelOf(WebSocketClientConnection connection) {
        try {
            return ((WebSocketInternal) webSocket.invoke(connection)).channelHandlerContext();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the WebSocket of a connection can't be read", e);
        }
    }
}
