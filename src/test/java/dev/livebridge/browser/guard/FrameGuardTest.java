package dev.livebridge.browser.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.hostile.FrameBytes;
import dev.livebridge.message.EndCause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGuardTest extends GuardedChannel {

    @Test
    void messagesWithinTheLimitsPass() {
        guard();

        sendText(FIRST);
        sendText(LATER);

        assertEquals(List.of(FIRST, LATER), received());
        assertNull(findings.violation);
    }

    @Test
    void theFirstMessageIsSmall() {
        guard();

        send(FrameBytes.header(true, TEXT, FIRST + 1));

        assertEquals(EndCause.MESSAGE_TOO_BIG, findings.violation);
        assertTrue(findings.sentence.contains("1000 bytes"), findings.sentence);
        assertEquals(List.of(), received());
    }

    @Test
    void theFirstMessageComesInFewFrames() {
        guard();

        send(FrameBytes.frame(false, TEXT, new byte[1]));
        for (int i = 0; i < 4; i++) {
            send(FrameBytes.frame(false, FrameParser.CONTINUATION, new byte[1]));
        }

        assertEquals(EndCause.BAD_SETUP, findings.violation);
    }

    @Test
    void aMessageThatIsTooBigEndsWithItsHeader() {
        guard();
        sendText(10);

        send(FrameBytes.header(true, TEXT, LATER + 1));

        assertEquals(EndCause.MESSAGE_TOO_BIG, findings.violation);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32})
    void noLengthIsTooLongToBeRefused(long length) {
        guard();
        sendText(10);

        send(FrameBytes.header(true, TEXT, length));

        assertEquals(EndCause.MESSAGE_TOO_BIG, findings.violation);
    }

    @Test
    void fragmentsCountTogether() {
        guard();
        sendText(10);

        send(FrameBytes.frame(false, TEXT, new byte[LATER / 2]));
        send(FrameBytes.frame(false, FrameParser.CONTINUATION, new byte[LATER / 2]));
        assertNull(findings.violation);
        send(FrameBytes.header(false, FrameParser.CONTINUATION, 1));

        assertEquals(EndCause.MESSAGE_TOO_BIG, findings.violation);
    }

    @Test
    void whatHasArrivedOfAMessageIsCountedUntilItIsComplete() {
        guard();
        sendText(10);
        byte[] whole = FrameBytes.frame(false, TEXT, new byte[8_000]);

        channel.writeInbound(Unpooled.wrappedBuffer(whole, 0, 5_000));
        assertEquals(5_000 - 8, findings.inbound);
        channel.writeInbound(Unpooled.wrappedBuffer(whole, 5_000, whole.length - 5_000));
        assertTrue(findings.inbound >= 4_992, "a fragment is kept until its message is complete");
        send(FrameBytes.frame(true, FrameParser.CONTINUATION, new byte[0]));

        assertEquals(0, findings.inbound);
    }

    @Test
    void nothingIsCountedAfterTheEnd() {
        guard();
        sendText(10);
        send(FrameBytes.frame(false, TEXT, new byte[8_000]));
        assertTrue(findings.inbound > 0);

        var _ = channel.close();

        assertEquals(0, findings.inbound);
        assertEquals(1, gone.get());
    }

    @Test
    void afterAViolationNothingPassesAndTheConnectionIsClosed() {
        guard();
        send(FrameBytes.header(true, TEXT, FIRST + 1));

        sendText(10);
        advance(Duration.ofSeconds(6));
        sendText(10);
        assertTrue(channel.isActive(), "the error still has to be written");
        advance(Duration.ofSeconds(2));

        assertEquals(List.of(), received());
        assertFalse(channel.isActive());
        assertEquals(1, gone.get());
    }

    @Test
    void whatCameBeforeTheViolationInTheSameSegmentPasses() {
        guard();
        byte[] good = FrameBytes.frame(true, TEXT, new byte[10]);
        byte[] bad = FrameBytes.header(true, TEXT, LATER + 1);
        ByteBuf segment = Unpooled.wrappedBuffer(good, bad);

        channel.writeInbound(segment);

        assertEquals(List.of(10), received());
        assertEquals(EndCause.MESSAGE_TOO_BIG, findings.violation);
    }

    @Test
    void aFastClientIsToldAndThenEnded() {
        guard();

        for (int i = 0; i < 100; i++) {
            sendText(1);
        }
        assertEquals(List.of(), findings.excesses);
        for (int i = 0; i < 100; i++) {
            sendText(1);
        }
        assertEquals(1, findings.excesses.size());
        assertNull(findings.violation);
        sendText(1);

        assertEquals(EndCause.RATE_LIMIT, findings.violation);
        assertEquals(200, received().size());
    }

    @Test
    void aPaceIsNoExcess() {
        guard();

        for (int second = 0; second < 300; second++) {
            for (int i = 0; i < 10; i++) {
                sendText(1);
            }
            channel.checkException();
            received();
            advance(Duration.ofSeconds(1));
        }

        assertEquals(List.of(), findings.excesses);
    }

    @Test
    void bytesHaveARateOfTheirOwn() {
        guard();
        sendText(10);

        for (int i = 0; i < 41; i++) {
            sendText(9_990);
            received();
            nowNanos += 1;
        }

        assertEquals(1, findings.excesses.size());
        assertEquals(EndCause.RATE_LIMIT, findings.violation);
    }

    @Test
    void wholeFramesBeforeTheAnswerToTheUpgradeAreNoticed() {
        guard(FrameBytes.frame(true, TEXT, new byte[10]));

        assertEquals(EndCause.BAD_MESSAGE, findings.violation);
    }

    @Test
    void halfAFrameBeforeTheAnswerToTheUpgradeIsNoticed() {
        guard(FrameBytes.header(true, TEXT, 5_000));

        // Bytes of the payload that would be a frame by themselves
        sendText(100);

        assertEquals(EndCause.BAD_MESSAGE, findings.violation);
    }

    @Test
    void aConnectionWhoseUpgradeIsRefusedIsLeftAlone() {
        channel = new EmbeddedChannel(new HttpRequestDecoder(), new ChannelInboundHandlerAdapter());
        assertTrue(FrameGuard.install(channel.pipeline(), LIMITS, METERS, () -> nowNanos, gone::incrementAndGet)
                .isPresent());

        var _ = channel.writeOneOutbound(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE));

        assertEquals(1, gone.get());
        assertNull(channel.pipeline().get(FrameGuard.class));
        assertNull(channel.pipeline().get(FrameWatch.class));
    }

    @Test
    void aSecondAttemptOnOneConnectionIsGuardedAnew() {
        channel = new EmbeddedChannel(new HttpRequestDecoder(), new ChannelInboundHandlerAdapter());
        FrameGuard.install(channel.pipeline(), LIMITS, METERS, () -> nowNanos, gone::incrementAndGet);

        FrameGuard second = FrameGuard.install(
                        channel.pipeline(), LIMITS, METERS, () -> nowNanos, gone::incrementAndGet)
                .orElseThrow();

        assertEquals(1, gone.get(), "the first one's slot is released");
        assertEquals(second, channel.pipeline().get(FrameGuard.class));
    }

    @Test
    void whatIsNoHttpConnectionCanNotBeGuarded() {
        channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

        assertTrue(FrameGuard.install(channel.pipeline(), LIMITS, METERS, () -> nowNanos, gone::incrementAndGet)
                .isEmpty());
    }
}
