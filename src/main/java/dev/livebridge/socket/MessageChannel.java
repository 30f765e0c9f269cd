package dev.livebridge.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.MediaText;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.telemetry.SocketMeters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
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
 * Its frames pass the encoder as they are, without an extension such as compression.
 *
 * <p>Handshake, control frames and close are left to Vert.x. Messages are nearly all frames, and each costs more in the
 * layers above than its relay does: a task of the event loop, a context, a pipeline of Mutiny. Messages that arrive
 * before there is a receiver wait for it, up to the size of one message; beyond it the connection is closed.
 *
 * <p>Not thread-safe: all methods but the two that send are called on the event loop.
 */
public final class MessageChannel extends ChannelDuplexHandler {

    private static final String NAME = "livebridge-messages";

    /** Frames that wait for the receiver; it is there before a peer has read the answer to its handshake. */
    static final int MAX_EARLY_FRAMES = 1_000;

    private final FrameWriter frames;
    private final int maxMessageBytes;
    private final SocketMeters meters;
    private final ArrayDeque<WebSocketFrame> early = new ArrayDeque<>(1);
    private int earlyBytes;
    private @Nullable ChannelHandlerContext context;
    private @Nullable MessageReceiver receiver;
    private @Nullable ByteBuf fragments;
    private boolean fragmentsAreText;
    /** Whether the peer has exceeded a bound: the rest of its bytes is no message. */
    private boolean exceeded;

    private volatile boolean closing;

    private MessageChannel(boolean client, int maxMessageBytes, SocketMeters meters) {
        this.frames = new FrameWriter(client);
        this.maxMessageBytes = maxMessageBytes;
        this.meters = meters;
    }

    /**
     * Adds a channel to a pipeline. Called on the event loop.
     *
     * @param next the handler of Vert.x
     * @param client whether this is the client of the connection
     * @param maxMessageBytes of a message in several frames; a longer one closes the connection
     * @param meters of its side
     */
    public static MessageChannel install(
            ChannelHandlerContext next, boolean client, int maxMessageBytes, SocketMeters meters) {
        MessageChannel channel = new MessageChannel(client, maxMessageBytes, meters);
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
    }

    // ---- writes --------------------------------------------------------------------------------------------------

    /**
     * Writes a text message as one frame. Callable from any thread; the messages of one thread stay in order, and so do
     * those of two threads of which one writes after the other.
     *
     * @param callback called on the event loop, or at once if the connection is closed
     */
    public void sendText(String text, WriteCallback callback) {
        send(FrameWriter.TEXT, text.getBytes(UTF_8), callback);
    }

    /**
     * As {@link #sendText}, for a binary message.
     *
     * @param data not changed
     */
    public void sendBinary(byte[] data, WriteCallback callback) {
        send(FrameWriter.BINARY, data, callback);
    }

    /** As {@link #sendText}, without a copy of the data. */
    public void sendText(MediaText media, WriteCallback callback) {
        send(FrameWriter.TEXT, media, callback);
    }

    /** As {@link #sendText(MediaText, WriteCallback)}, for a binary message. */
    public void sendBinary(MediaText media, WriteCallback callback) {
        send(FrameWriter.BINARY, media, callback);
    }

    private void send(int opcode, MediaText media, WriteCallback callback) {
        if (!media.isAscii()) {
            send(opcode, media.text().getBytes(UTF_8), callback);
        } else if (isOpen(callback)) {
            ChannelHandlerContext here = context();
            send(
                    here,
                    media.length(),
                    frames.frame(
                            here.alloc(), opcode, media.head(), media.data().text(), media.tail()),
                    callback);
        }
    }

    private void send(int opcode, byte[] payload, WriteCallback callback) {
        if (isOpen(callback)) {
            ChannelHandlerContext here = context();
            send(here, payload.length, frames.frame(here.alloc(), opcode, payload), callback);
        }
    }

    private boolean isOpen(WriteCallback callback) {
        if (closing) {
            callback.onWritten(new IllegalStateException("the connection is closed"));
            return false;
        }
        return true;
    }

    private void send(ChannelHandlerContext here, int bytes, ByteBuf frame, WriteCallback callback) {
        meters.sent(bytes);
        var _ = here.writeAndFlush(frame).addListener(written -> callback.onWritten(written.cause()));
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
            releaseEarly();
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
        if (exceeded || (to == null && closing)) {
            frame.release();
        } else if (to != null) {
            accept(to, frame);
        } else {
            keep(frame);
        }
    }

    private void keep(WebSocketFrame frame) {
        earlyBytes += frame.content().readableBytes();
        early.add(frame);
        if (earlyBytes > maxMessageBytes || early.size() > MAX_EARLY_FRAMES) {
            exceed("more messages arrived than wait for a receiver");
        }
    }

    private void exceed(String bound) {
        exceeded = true;
        release();
        ChannelHandlerContext here = context();
        here.fireExceptionCaught(new TooLongFrameException(bound));
        var _ = here.close();
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

    private void releaseEarly() {
        WebSocketFrame frame;
        while ((frame = early.poll()) != null) {
            frame.release();
        }
    }

    private void release() {
        releaseEarly();
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
        // On the heap, whose bound is larger than that of direct memory.
        ByteBuf begun = Unpooled.buffer(first.content().readableBytes());
        fragments = begun;
        fragmentsAreText = first instanceof TextWebSocketFrame;
        return begun;
    }

    private void assemble(MessageReceiver to, ByteBuf begun, WebSocketFrame frame) {
        if (begun.readableBytes() + (long) frame.content().readableBytes() > maxMessageBytes) {
            exceed("a message in several frames has more than " + maxMessageBytes + " bytes");
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
        Utf8Slice slice = slice(payload);
        if (text) {
            to.onText(slice);
        } else {
            to.onBinary(slice);
        }
    }

    private static Utf8Slice slice(ByteBuf payload) {
        int length = payload.readableBytes();
        if (payload.hasArray()) {
            int from = payload.arrayOffset() + payload.readerIndex();
            return new Utf8Slice(payload.array(), from, from + length);
        }
        return new Utf8Slice(ByteBufUtil.getBytes(payload), 0, length);
    }
}
