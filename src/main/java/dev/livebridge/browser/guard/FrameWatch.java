package dev.livebridge.browser.guard;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Second handler of the guard, behind the WebSocket decoder: counts the decoded frames and observes outbound frames
 * before they are encoded.
 */
final class FrameWatch extends ChannelDuplexHandler {

    static final String NAME = "livebridge-frame-watch";

    /** Estimated memory of a pong in the channel's queue: at most 125 bytes, its buffers and its entry. */
    private static final int PONG_BYTES = 512;

    private final FrameGuard guard;
    private long frames;
    private int unreadPongs;

    FrameWatch(FrameGuard guard) {
        this.guard = guard;
    }

    /** Estimated memory of the pongs that the client has not read. */
    long unreadPongBytes() {
        return (long) unreadPongs * PONG_BYTES;
    }

    /** Frames that the decoder has completed. */
    long frames() {
        return frames;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof WebSocketFrame) {
            frames++;
            guard.onFrameDecoded(frames);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        switch (message) {
            case PongWebSocketFrame pong -> {
                unreadPongs++;
                var _ = ctx.write(pong, promise.unvoid().addListener(written -> unreadPongs--));
                if (unreadPongs > FrameLimits.UNREAD_PONGS) {
                    guard.onUnreadPongs();
                }
            }
            case PingWebSocketFrame ping -> {
                var _ = ctx.write(ping, promise);
                guard.onPingSent();
            }
            case CloseWebSocketFrame close -> {
                var _ = ctx.write(close, promise);
                guard.onCloseSent();
            }
            case HttpResponse response -> {
                var _ = ctx.write(response, promise);
                if (response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                    guard.onUpgradeRefused();
                }
            }
            default -> {
                var _ = ctx.write(message, promise);
            }
        }
    }
}
