package dev.livebridge.browser.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.FrameBytes;
import dev.livebridge.message.EndCause;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pings, pongs, and connections without inbound data. */
class KeepAliveTest extends GuardedChannel {

    @ParameterizedTest
    @ValueSource(ints = {FrameParser.PING, FrameParser.PONG})
    void controlFramesAreForKeepingAlive(int opcode) {
        guard();
        byte[] frame = FrameBytes.frame(true, opcode, new byte[125]);

        for (int i = 0; i < 20; i++) {
            send(frame);
            nowNanos += 1;
        }
        assertNull(findings.violation);
        advance(Duration.ofSeconds(1));
        send(frame);
        send(frame);
        assertNull(findings.violation);
        send(frame);

        assertEquals(EndCause.RATE_LIMIT, findings.violation);
    }

    @Test
    void answersToOurPingsCostNothing() {
        guard();

        for (int i = 0; i < 100; i++) {
            advance(Duration.ofSeconds(15));
            send(FrameBytes.frame(true, FrameParser.PONG, new byte[0]));
            received();
        }

        assertNull(findings.violation);
        assertTrue(channel.isActive());
    }

    @Test
    void aControlFrameIsShort() {
        guard();

        send(FrameBytes.header(true, FrameParser.PING, 126));

        assertEquals(EndCause.BAD_MESSAGE, findings.violation);
    }

    @Test
    void pongsThatAreNotReadEndTheConnection() {
        guard();
        channel.pipeline().addFirst(new UnreadPeer());
        for (int i = 0; i < FrameLimits.UNREAD_PONGS; i++) {
            var _ = channel.writeOneOutbound(new PongWebSocketFrame(Unpooled.wrappedBuffer(new byte[125])));
        }
        assertNull(findings.violation);
        var _ = channel.writeOneOutbound(new PongWebSocketFrame());
        channel.pipeline().fireChannelReadComplete();

        assertEquals(EndCause.SLOW_CONSUMER, findings.violation);
        assertTrue(findings.outbound > 0, "and they are counted");
    }

    /** Accepts no writes, like a peer with a closed receive window. */
    private static final class UnreadPeer extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    @Test
    void aClientThatHasGoneSilentIsLostWithinAMinute() {
        guard();
        advance(Duration.ofSeconds(1));
        sendText(1);

        advance(Duration.ofSeconds(43));
        assertTrue(channel.isActive(), "only one ping has been unanswered for a whole interval");
        advance(Duration.ofSeconds(16));

        assertFalse(channel.isActive());
    }

    @Test
    void aClientThatIsNotSilentStays() {
        guard();

        for (int i = 0; i < 40; i++) {
            advance(Duration.ofSeconds(10));
            sendText(1);
            received();
        }

        assertTrue(channel.isActive());
        assertTrue(channel.outboundMessages().stream().anyMatch(PingWebSocketFrame.class::isInstance), "it was pinged");
    }

    @Test
    void aPeerThatDoesNotAnswerACloseIsDropped() {
        guard();

        channel.writeOutbound(new CloseWebSocketFrame(1008, "policy"));
        send(FrameBytes.frame(false, TEXT, new byte[1]));
        for (int second = 0; second < 3; second++) {
            advance(Duration.ofSeconds(1));
            send(FrameBytes.frame(false, FrameParser.CONTINUATION, new byte[1]));
        }
        assertTrue(channel.isActive());
        advance(Duration.ofSeconds(3));

        assertFalse(channel.isActive());
    }
}
