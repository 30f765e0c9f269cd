package dev.livebridge.browser.guard;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.TokenBucket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a client's connection sends, on its bytes, ahead of the WebSocket decoder, and passes nothing on once a
 * limit is broken. It also pings the client and closes a connection that has gone silent.
 *
 * <p>It is put into the pipeline with the upgrade request. Bytes that a client sends before the answer to that request
 * (which RFC 6455 section 4.1 forbids) bypass it, so {@link FrameWatch} counts the decoder's frames, and the two counts
 * must agree.
 *
 * <p>Everything happens on the connection's event loop.
 */
public final class FrameGuard extends ChannelDuplexHandler {

    private static final String NAME = "livebridge-frame-guard";

    /** Time for the error and the close frame of a connection that has broken a limit. */
    private static final Duration VIOLATION_TIME = Duration.ofSeconds(7);

    /** Time for a peer's answer to a close frame. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(5);

    private static final int MAX_CONTROL_FRAME_BYTES = 125;
    private static final int FIRST_CONTROL_OPCODE = FrameParser.CLOSE;

    /** Held bytes are reported in steps, so that a message in two segments costs nothing. */
    private static final int REPORT_STEP = 4096;

    /** Pings in a row without a byte from the client. */
    private static final int SILENT_PINGS = 3;

    private final FrameLimits limits;
    private final LongSupplier clock;
    private final Runnable onGone;
    private final FrameParser parser = new FrameParser();
    private final FrameParser.Sink sink = new FrameCounter();
    private final TokenBucket frameRate;
    private final TokenBucket byteRate;
    private final TokenBucket controlRate;
    private final FrameWatch watch;

    private @Nullable ChannelHandlerContext context;
    private @Nullable GuardListener listener;
    private @Nullable Violation violation;
    private @Nullable String excess;
    private @Nullable Future<?> pings;
    private boolean upgraded;
    private volatile boolean gone;
    private boolean receivedSincePing;
    private int silentPings;
    private int pongsDue;
    private long nowNanos;

    private boolean firstMessageSeen;
    private long messageBytes;
    private int messageFrames;
    private long arrivedBytes;
    private long framesEnded;
    private long reportedInbound;
    private long reportedOutbound;

    private record Violation(EndCause cause, String sentence) {}

    FrameGuard(FrameLimits limits, LongSupplier clock, Runnable onGone) {
        this.limits = limits;
        this.clock = clock;
        this.onGone = onGone;
        long now = clock.getAsLong();
        int frames = limits.framesPerSecond();
        this.frameRate = new TokenBucket(frames, (double) frames * FrameLimits.FRAME_BURST_SECONDS, now);
        this.byteRate = new TokenBucket(limits.bytesPerSecond(), limits.bytesBurst(), now);
        this.controlRate =
                new TokenBucket(FrameLimits.CONTROL_FRAMES_PER_SECOND, FrameLimits.CONTROL_FRAMES_BURST, now);
        this.watch = new FrameWatch(this);
    }

    /**
     * Guards a connection whose upgrade is about to be granted. Called on its event loop, within the request.
     *
     * @param connection of the upgrade request
     * @param limits what it may send
     * @param onGone called once: when the connection has closed, or the upgrade was not granted after all
     * @return nothing when the connection can't become a WebSocket, because it is not HTTP/1.1
     */
    public static Optional<FrameGuard> install(HttpConnection connection, FrameLimits limits, Runnable onGone) {
        if (!(connection instanceof ConnectionBase base)) {
            return Optional.empty();
        }
        return install(base.channel().pipeline(), limits, System::nanoTime, onGone);
    }

    static Optional<FrameGuard> install(
            ChannelPipeline pipeline, FrameLimits limits, LongSupplier clock, Runnable onGone) {
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            return Optional.empty();
        }
        FrameGuard former = pipeline.get(FrameGuard.class);
        if (former != null) {
            former.remove();
        }
        FrameGuard guard = new FrameGuard(limits, clock, onGone);
        pipeline.addBefore(decoder.name(), NAME, guard);
        pipeline.addBefore(pipeline.lastContext().name(), FrameWatch.NAME, guard.watch);
        return Optional.of(guard);
    }

    /**
     * The socket is open. What was found before is told now.
     *
     * @param to is told everything from now on
     */
    public void bind(GuardListener to) {
        listener = to;
        reportHeld();
        if (excess != null) {
            to.onExcess(excess);
        }
        if (violation != null) {
            to.onViolation(violation.cause(), violation.sentence());
        }
        ChannelHandlerContext here = context;
        if (here != null && !gone) {
            long interval = limits.pingInterval().toNanos();
            pings = here.executor().scheduleAtFixedRate(() -> ping(here), interval, interval, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Does something later on the connection's event loop, unless the connection is closed by then.
     *
     * @param action that does not block
     */
    public void later(Runnable action, Duration delay) {
        ChannelHandlerContext here = context;
        if (here != null && !gone) {
            var _ = here.executor()
                    .schedule(
                            () -> {
                                if (!gone) {
                                    action.run();
                                }
                            },
                            delay.toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    /** Drops the connection, without the closing handshake that the handlers behind would begin. From any thread. */
    public void drop() {
        ChannelHandlerContext here = context;
        if (here != null) {
            var _ = here.close();
        }
    }

    // ---- the pipeline --------------------------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !isUpgraded(ctx)) {
            ctx.fireChannelRead(message);
            return;
        }
        receivedSincePing = true;
        if (violation != null) {
            bytes.release();
            return;
        }
        nowNanos = clock.getAsLong();
        rate(byteRate, bytes.readableBytes(), "Too many bytes a second are sent.");
        int wanted = violation == null ? parser.parse(bytes, sink) : bytes.readerIndex();
        bytes.writerIndex(wanted);
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
        if (violation == null && ctx.channel().isActive() && watch.frames() != framesEnded) {
            onCountMismatch();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        reportHeld();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ctx.fireChannelInactive();
        onClosed();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        onClosed();
    }

    private boolean isUpgraded(ChannelHandlerContext ctx) {
        if (!upgraded) {
            upgraded = ctx.pipeline().context(WebSocket13FrameDecoder.class) != null;
        }
        return upgraded;
    }

    private void onClosed() {
        if (gone) {
            return;
        }
        gone = true;
        Future<?> running = pings;
        if (running != null) {
            running.cancel(false);
        }
        report(0, 0);
        onGone.run();
    }

    // ---- what the watch reports ----------------------------------------------------------------------------------

    /** The upgrade was not granted: the connection goes on with HTTP, unguarded. */
    void onUpgradeRefused() {
        remove();
    }

    private void remove() {
        ChannelHandlerContext here = context;
        if (here != null && !here.isRemoved()) {
            here.pipeline().remove(watch);
            here.pipeline().remove(this);
        }
    }

    /** A ping is on its way to the client, whose answer costs it nothing. */
    void onPingSent() {
        pongsDue++;
    }

    /** A close frame is on its way to the client: it has little time to answer it. */
    void onCloseSent() {
        dropAfter(CLOSING_TIME);
    }

    /** The decoder has completed more frames than have passed here. */
    void onFrameDecoded(long frames) {
        if (frames > framesEnded) {
            onCountMismatch();
        }
    }

    /** Pongs wait that the client does not read. */
    void onUnreadPongs() {
        reportViolation(EndCause.SLOW_CONSUMER, "The answers to pings are not read.");
    }

    private void onCountMismatch() {
        reportViolation(EndCause.BAD_MESSAGE, "Data was sent before the answer to the upgrade request.");
    }

    // ---- limits --------------------------------------------------------------------------------------------------

    private final class FrameCounter implements FrameParser.Sink {

        private boolean control;
        private boolean last;

        @Override
        public boolean onHeader(boolean lastOfMessage, int opcode, long length) {
            control = opcode >= FIRST_CONTROL_OPCODE;
            last = lastOfMessage;
            if (control) {
                checkControl(opcode, length);
            } else {
                checkData(length);
            }
            if (violation == null) {
                rate(frameRate, 1, "Too many messages a second are sent.");
            }
            return violation == null;
        }

        private void checkControl(int opcode, long length) {
            if (!last || length < 0 || length > MAX_CONTROL_FRAME_BYTES) {
                reportViolation(EndCause.BAD_MESSAGE, "A control frame is fragmented or longer than 125 bytes.");
            } else if (opcode == FrameParser.PONG && pongsDue > 0) {
                pongsDue--;
            } else if (opcode != FrameParser.CLOSE && controlRate.take(1, nowNanos) != TokenBucket.Outcome.WITHIN) {
                reportViolation(EndCause.RATE_LIMIT, "Too many pings a second are sent.");
            }
        }

        private void checkData(long length) {
            long limit = firstMessageSeen ? limits.messageBytes() : limits.firstMessageBytes();
            messageBytes += length;
            messageFrames++;
            if (length < 0 || messageBytes < 0 || messageBytes > limit) {
                reportViolation(
                        EndCause.MESSAGE_TOO_BIG,
                        (firstMessageSeen ? "A message is too big" : "The first message is too big") + "; the limit is "
                                + limit + " bytes.");
            } else if (!firstMessageSeen && messageFrames > limits.firstMessageFrames()) {
                reportViolation(EndCause.BAD_SETUP, "The first message comes in too many frames.");
            }
        }

        @Override
        public void onPayload(int bytes) {
            if (!control) {
                arrivedBytes += bytes;
            }
        }

        @Override
        public void onEnd() {
            framesEnded++;
            if (!control && last) {
                firstMessageSeen = true;
                messageBytes = 0;
                messageFrames = 0;
                arrivedBytes = 0;
            }
        }
    }

    private void rate(TokenBucket bucket, int tokens, String sentence) {
        switch (bucket.take(tokens, nowNanos)) {
            case WITHIN -> {}
            case EXCEEDED -> {
                excess = sentence;
                GuardListener current = listener;
                if (current != null) {
                    current.onExcess(sentence);
                }
            }
            case EXHAUSTED -> reportViolation(EndCause.RATE_LIMIT, sentence);
        }
    }

    private void reportViolation(EndCause cause, String sentence) {
        if (violation != null) {
            return;
        }
        violation = new Violation(cause, sentence);
        dropAfter(VIOLATION_TIME);
        GuardListener current = listener;
        if (current != null) {
            current.onViolation(cause, sentence);
        }
    }

    private void dropAfter(Duration time) {
        ChannelHandlerContext here = context;
        if (here != null && here.channel().isActive()) {
            var _ = here.executor().schedule(this::drop, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    // ---- what is held --------------------------------------------------------------------------------------------

    private void reportHeld() {
        if (!gone) {
            report(arrivedBytes, watch.unreadPongBytes());
        }
    }

    private void report(long inbound, long outbound) {
        if (isReportable(inbound, reportedInbound) || isReportable(outbound, reportedOutbound)) {
            GuardListener current = listener;
            if (current != null) {
                reportedInbound = inbound;
                reportedOutbound = outbound;
                current.onHeld(inbound, outbound);
            }
        }
    }

    private static boolean isReportable(long bytes, long reported) {
        return bytes == 0 ? reported != 0 : Math.abs(bytes - reported) >= REPORT_STEP;
    }

    // ---- whether the client is there -----------------------------------------------------------------------------

    private void ping(ChannelHandlerContext ctx) {
        reportHeld();
        silentPings = receivedSincePing ? 0 : silentPings + 1;
        receivedSincePing = false;
        if (silentPings >= SILENT_PINGS - 1) {
            drop();
        } else {
            var _ = ctx.channel()
                    .writeAndFlush(new PingWebSocketFrame(), ctx.channel().voidPromise());
        }
    }
}
