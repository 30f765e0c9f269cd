package dev.livebridge.browser.guard;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.hostile.FrameBytes;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.EndCause;
import dev.livebridge.socket.MessageReceiver;
import dev.livebridge.telemetry.Meters;
import dev.livebridge.telemetry.SocketMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** An upgraded connection with the guard in its pipeline and a manual clock. */
abstract class GuardedChannel {

    static final SocketMeters METERS = new Meters(new SimpleMeterRegistry()).clientSockets();
    static final int TEXT = 1;
    static final int FIRST = 1_000;
    static final int LATER = 10_000;
    static final FrameLimits LIMITS = new FrameLimits(FIRST, 4, LATER, 10, 100_000, 200_000, Duration.ofSeconds(15));

    final AtomicInteger gone = new AtomicInteger();
    final Findings findings = new Findings();
    private final Messages messages = new Messages();
    long nowNanos;
    EmbeddedChannel channel = new EmbeddedChannel();

    static final class Findings implements GuardListener {
        final List<String> excesses = new ArrayList<>();

        @Nullable
        EndCause violation;

        String sentence = "";
        long inbound;
        long outbound;

        @Override
        public void onExcess(String words) {
            excesses.add(words);
        }

        @Override
        public void onViolation(EndCause cause, String words) {
            assertNull(violation, "reported once");
            violation = cause;
            sentence = words;
        }

        @Override
        public void onHeld(long inboundBytes, long outboundBytes) {
            inbound = inboundBytes;
            outbound = outboundBytes;
        }
    }

    /** Sizes of the messages that have arrived. */
    private static final class Messages implements MessageReceiver {
        private final List<Integer> sizes = new ArrayList<>();

        @Override
        public void onText(Utf8Slice payload) {
            sizes.add(payload.length());
        }

        @Override
        public void onBinary(Utf8Slice payload) {
            sizes.add(payload.length());
        }
    }

    FrameGuard guard(byte... early) {
        HttpRequestDecoder http = new HttpRequestDecoder();
        channel = new EmbeddedChannel(http, new ChannelInboundHandlerAdapter());
        channel.freezeTime();
        FrameGuard guard = FrameGuard.install(channel.pipeline(), LIMITS, METERS, () -> nowNanos, gone::incrementAndGet)
                .orElseThrow();
        channel.pipeline()
                .replace(
                        http,
                        "wsdecoder",
                        new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                                .maxFramePayloadLength(16 * LATER)
                                .closeOnProtocolViolation(false)
                                .build()));
        if (early.length > 0) {
            channel.pipeline().context(FrameGuard.class).fireChannelRead(Unpooled.wrappedBuffer(early));
        }
        guard.bind(findings);
        guard.messages().receive(messages);
        return guard;
    }

    void send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    void sendText(int size) {
        send(FrameBytes.frame(true, TEXT, new byte[size]));
    }

    /** Sizes of the messages, then of the control frames, that have arrived since the last call. */
    List<Integer> received() {
        List<Integer> sizes = new ArrayList<>(messages.sizes);
        messages.sizes.clear();
        for (WebSocketFrame frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            sizes.add(frame.content().readableBytes());
            frame.release();
        }
        return sizes;
    }

    void advance(Duration time) {
        nowNanos += time.toNanos();
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @AfterEach
    void nothingIsLeaked() {
        channel.finishAndReleaseAll();
    }
}
