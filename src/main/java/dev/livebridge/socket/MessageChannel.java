package dev.livebridge.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.telemetry.SocketMeters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the messages of a WebSocket at its Netty channel, between the WebSocket codec and Vert.x' handler.
 *
 * <p>Handshake, control frames and close are left to Vert.x. Messages are nearly all frames, and each costs more in the
 * layers above than its relay does: a task of the event loop, a context, a pipeline of Mutiny. Messages that arrive
 * before there is a receiver wait for it.
 *
 * <p>Not thread-safe: all methods but the two that send are called on the event loop.
 */
public final class MessageChannel extends ChannelDuplexHandler {

    private static final String NAME = "livebridge-messages";

    private final int maxMessageBytes;
    private final SocketMeters meters;
    private final ArrayDeque<WebSocketFrame> early = new ArrayDeque<>(1);
    private @Nullable ChannelHandlerContext context;
    private @Nullable MessageReceiver receiver;
    private @Nullable ByteBuf fragments;
    private boolean fragmentsAreText;
    private volatile boolean closing;

    private MessageChannel(int maxMessageBytes, SocketMeters meters) {
        this.maxMessageBytes = maxMessageBytes;
        this.meters = meters;
    }

    /**
     * Adds a channel to a pipeline. Called on the event loop.
     *
     * @param next the handler of Vert.x
     * @param maxMessageBytes of a message in several frames; a longer one closes the connection
     * @param meters of its side
     */
    public static MessageChannel install(ChannelHandlerContext next, int maxMessageBytes, SocketMeters meters) {
        MessageChannel channel = new MessageChannel(maxMessageBytes, meters);
        next.pipeline().addBefore(next.name(), NAME, channel);
        return channel;
    }

    /** Takes it out of the pipeline: the connection continues without it. */
    public void remove() {
        ChannelHandlerContext here = context();
        if (!here.isRemoved()) {
            here.pipeline().remove(this);
        }
    }

    /**
     * Sets the receiver, which gets the messages that have arrived before.
     *
     * @param to receives all later messages
     */
    public void receive(MessageReceiver to) {
        receiver = to;
        WebSocketFrame frame;
        while ((frame = early.poll()) != null) {
            accept(to, frame);
        }
        early.clear();
    }

    // ---- writes --------------------------------------------------------------------------------------------------

    /**
     * Writes a text message as one frame. Callable from any thread; the messages of one thread stay in order, and so do
     * those of two threads of which one writes after the other.
     *
     * @param callback called on the event loop
     */
    public void sendText(String text, WriteCallback callback) {
        send(context(), new TextWebSocketFrame(Unpooled.wrappedBuffer(text.getBytes(UTF_8))), callback);
    }

    /**
     * As {@link #sendText}, for a binary message.
     *
     * @param data not copied, and must not change
     */
    public void sendBinary(byte[] data, WriteCallback callback) {
        send(context(), new BinaryWebSocketFrame(Unpooled.wrappedBuffer(data)), callback);
    }

    private void send(ChannelHandlerContext here, WebSocketFrame frame, WriteCallback callback) {
        if (closing) {
            frame.release();
            callback.onWritten(new IllegalStateException("the connection is closed"));
        } else {
            meters.sent(frame.content().readableBytes());
            var _ = here.writeAndFlush(frame).addListener(written -> callback.onWritten(written.cause()));
        }
    }

    // ---- the pipeline --------------------------------------------------------------------------------------------

    private ChannelHandlerContext context() {
        return requireNonNull(context);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof CloseWebSocketFrame) {
            closing = true;
        }
        var _ = ctx.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof WebSocketFrame frame) || !isData(frame)) {
            ctx.fireChannelRead(message);
            return;
        }
        MessageReceiver to = receiver;
        if (to != null) {
            accept(to, frame);
        } else if (closing) {
            frame.release();
        } else {
            early.add(frame);
        }
    }

    private static boolean isData(WebSocketFrame frame) {
        return frame instanceof TextWebSocketFrame
                || frame instanceof BinaryWebSocketFrame
                || frame instanceof ContinuationWebSocketFrame;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closing = true;
        release();
    }

    private void release() {
        WebSocketFrame frame;
        while ((frame = early.poll()) != null) {
            frame.release();
        }
        ByteBuf begun = fragments;
        fragments = null;
        if (begun != null) {
            begun.release();
        }
    }

    // ---- messages of several frames ------------------------------------------------------------------------------

    private void accept(MessageReceiver to, WebSocketFrame frame) {
        try {
            ByteBuf begun = fragments;
            if (frame.isFinalFragment() && begun == null) {
                deliver(to, frame.content(), frame instanceof TextWebSocketFrame);
            } else {
                assemble(to, begun == null ? begin(frame) : begun, frame);
            }
        } finally {
            frame.release();
        }
    }

    private ByteBuf begin(WebSocketFrame first) {
        ByteBuf begun = context().alloc().buffer(first.content().readableBytes());
        fragments = begun;
        fragmentsAreText = first instanceof TextWebSocketFrame;
        return begun;
    }

    private void assemble(MessageReceiver to, ByteBuf begun, WebSocketFrame frame) {
        if (begun.readableBytes() + (long) frame.content().readableBytes() > maxMessageBytes) {
            release();
            ChannelHandlerContext here = context();
            here.fireExceptionCaught(
                    new TooLongFrameException("a message in several frames has more than " + maxMessageBytes + " bytes"));
            var _ = here.close();
            return;
        }
        begun.writeBytes(frame.content());
        if (frame.isFinalFragment()) {
            fragments = null;
            try {
                deliver(to, begun, fragmentsAreText);
            } finally {
                begun.release();
            }
        }
    }

    private void deliver(MessageReceiver to, ByteBuf payload, boolean text) {
        meters.received(payload.readableBytes());
        if (text) {
            to.onText(payload);
        } else {
            to.onBinary(payload);
        }
    }
}
