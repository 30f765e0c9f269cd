package dev.livebridge.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.impl.WebSocketInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The Netty channel under a socket, for faults that Vert.x can't produce. */
record RawChannel(Channel channel) {

    private static final String PONGS = "livebridge-late-pongs";

    static RawChannel of(ServerWebSocket socket) {
        return new RawChannel(
                ((WebSocketInternal) socket).channelHandlerContext().channel());
    }

    /** Closes the TCP connection without a close frame. */
    void drop() {
        var _ = channel.pipeline().firstContext().close();
    }

    /** Stops reading; incoming bytes, including pings, stay in the kernel's buffers. */
    void stopReading() {
        channel.config().setAutoRead(false);
    }

    /** Delays every pong. */
    void delayPongs(Duration delay) {
        channel.pipeline().addBefore("handler", PONGS, new LatePongs(delay));
    }

    private static final class LatePongs extends ChannelOutboundHandlerAdapter {

        private final Duration delay;

        LatePongs(Duration delay) {
            this.delay = delay;
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (!(message instanceof PongWebSocketFrame)) {
                var _ = context.write(message, promise);
                return;
            }
            var _ = context.executor()
                    .schedule(
                            () -> {
                                if (context.channel().isActive()) {
                                    var _ = context.writeAndFlush(message, promise);
                                } else {
                                    ReferenceCountUtil.release(message);
                                }
                            },
                            delay.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }
}
