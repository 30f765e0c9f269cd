package dev.livebridge.browser.guard;

import static java.util.Objects.requireNonNull;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.TokenBucket;
import dev.livebridge.socket.MessageChannel;
import dev.livebridge.telemetry.SocketMeters;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Netty handler in front of the WebSocket decoder. Enforces {@link FrameLimits} on the bytes that a client sends, and
 * forwards nothing after a violation. Pings the client and closes a connection without answers.
 *
 * <p>It is added to the pipeline while the upgrade request is handled. Bytes that a client sends before the response to
 * that request (RFC 6455 section 4.1 forbids it) bypass the guard, so {@link FrameWatch} counts the decoder's frames,
 * and the two counts must agree.
 *
 * <p>Not thread-safe: all methods but {@link #drop} are called on the connection's event loop.
 */
public final class FrameGuard extends ChannelDuplexHandler {

    private static final String NAME = "livebridge-frame-guard";

    /** Time to write the error and the close frame after a violation. */
    private static final Duration VIOLATION_TIME = Duration.ofSeconds(7);

    /** Time for the client's answer to a close frame. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(5);

    private static final int MAX_CONTROL_FRAME_BYTES = 125;
    private static final int FIRST_CONTROL_OPCODE = FrameParser.CLOSE;

    /**
     * Bytes; smaller changes of the held bytes are not reported, so that a message in two segments causes no report.
     */
    private static final int REPORT_STEP = 4096;

    /** The connection is dropped at this many consecutive pings without a byte from the client. */
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
    private @Nullable MessageChannel messages;

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
     * Installs a guard on a connection before its upgrade. Called on the connection's event loop, while the request is
     * handled.
     *
     * @param connection of the upgrade request
     * @param limits of the connection
     * @param meters of the messages
     * @param onGone called once: when the connection has closed or the upgrade was refused
     * @return empty if the connection can't become a WebSocket, because it is not HTTP/1.1
     */
    public static Optional<FrameGuard> install(
            HttpConnection connection, FrameLimits limits, SocketMeters meters, Runnable onGone) {
        if (!(connection instanceof ConnectionBase base)) {
            return Optional.empty();
        }
        return install(base.channel().pipeline(), limits, meters, System::nanoTime, onGone);
    }

    static Optional<FrameGuard> install(
            ChannelPipeline pipeline, FrameLimits limits, SocketMeters meters, LongSupplier clock, Runnable onGone) {
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
        ChannelHandlerContext last = pipeline.lastContext();
        pipeline.addBefore(last.name(), FrameWatch.NAME, guard.watch);
        guard.messages = MessageChannel.install(last, false, limits.messageBytes(), meters);
        return Optional.of(guard);
    }

    /**
     * Sets the listener after the upgrade. Events from before are delivered now.
     *
     * @param to receives all later events
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
     * Schedules an action on the connection's event loop. It does not run if the connection is closed by then.
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

    /** Reads and writes the messages of the connection. */
    public MessageChannel messages() {
        return requireNonNull(messages);
    }

    /** The event loop of the connection. */
    public Executor eventLoop() {
        return requireNonNull(context).executor();
    }

    /** Closes the TCP connection without a closing handshake. Callable from any thread. */
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
        rate(byteRate, bytes.readableBytes(), "The client sends too many bytes per second.");
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

    // ---- events of FrameWatch -----------------------------------------------------------------------------------

    /** The upgrade was refused: the connection continues as HTTP, without the guard. */
    void onUpgradeRefused() {
        remove();
    }

    private void remove() {
        ChannelHandlerContext here = context;
        if (here != null && !here.isRemoved()) {
            messages().remove();
            here.pipeline().remove(watch);
            here.pipeline().remove(this);
        }
    }

    /** A ping was written. The client's pong does not count against its limits. */
    void onPingSent() {
        pongsDue++;
    }

    /** A close frame was written: limits the time for the client's answer. */
    void onCloseSent() {
        dropAfter(CLOSING_TIME);
    }

    /**
     * The decoder has completed a frame. More frames than the guard has counted mean that some bypassed it.
     *
     * @param frames that the decoder has completed
     */
    void onFrameDecoded(long frames) {
        if (frames > framesEnded) {
            onCountMismatch();
        }
    }

    /** Too many pongs wait because the client does not read. */
    void onUnreadPongs() {
        reportViolation(EndCause.SLOW_CONSUMER, "The client does not read the answers to its pings.");
    }

    private void onCountMismatch() {
        reportViolation(EndCause.BAD_MESSAGE, "The client sent data before the response to the upgrade request.");
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
                rate(frameRate, 1, "The client sends too many messages per second.");
            }
            return violation == null;
        }

        private void checkControl(int opcode, long length) {
            if (!last || length < 0 || length > MAX_CONTROL_FRAME_BYTES) {
                reportViolation(EndCause.BAD_MESSAGE, "A control frame is fragmented or longer than 125 bytes.");
            } else if (opcode == FrameParser.PONG && pongsDue > 0) {
                pongsDue--;
            } else if (opcode != FrameParser.CLOSE && controlRate.take(1, nowNanos) != TokenBucket.Outcome.WITHIN) {
                reportViolation(EndCause.RATE_LIMIT, "The client sends too many pings per second.");
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

    // ---- held memory ---------------------------------------------------------------------------------------------

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

    // ---- keep-alive ----------------------------------------------------------------------------------------------

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
