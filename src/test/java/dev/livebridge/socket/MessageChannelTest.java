package dev.livebridge.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageChannelTest {

    private static final int MAX = 10;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final MessageChannel messages =
            MessageChannel.install(channel.pipeline().firstContext(), MAX, new Meters(registry).clientSockets());
    private final Received received = new Received();

    private static final class Received implements MessageReceiver {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void onText(ByteBuf payload) {
            messages.add("text " + payload.toString(UTF_8));
        }

        @Override
        public void onBinary(ByteBuf payload) {
            messages.add("binary " + payload.toString(UTF_8));
        }
    }

    @AfterEach
    void nothingIsLeaked() {
        channel.finishAndReleaseAll();
    }

    /** Lets a frame arrive; the frame must be released afterwards if it is a part of a message. */
    private WebSocketFrame arrive(WebSocketFrame frame) {
        channel.writeInbound(frame);
        return frame;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    @Test
    void messagesReachTheReceiverAndNoOtherHandler() {
        messages.receive(received);

        WebSocketFrame text = arrive(new TextWebSocketFrame("grüße"));
        WebSocketFrame binary = arrive(new BinaryWebSocketFrame(bytes("b")));

        assertEquals(List.of("text grüße", "binary b"), received.messages);
        assertNull(channel.readInbound());
        assertEquals(0, text.refCnt());
        assertEquals(0, binary.refCnt());
    }

    @Test
    void controlFramesAreLeftToTheNextHandler() {
        messages.receive(received);

        arrive(new PingWebSocketFrame());
        arrive(new CloseWebSocketFrame(1000, ""));

        assertInstanceOf(PingWebSocketFrame.class, channel.readInbound()).release();
        assertInstanceOf(CloseWebSocketFrame.class, channel.readInbound()).release();
        assertEquals(List.of(), received.messages);
    }

    @Test
    void messagesThatArriveBeforeTheReceiverWaitForIt() {
        arrive(new TextWebSocketFrame("1"));
        arrive(new TextWebSocketFrame(false, 0, "2"));
        arrive(new ContinuationWebSocketFrame(true, 0, "3"));
        messages.receive(received);
        arrive(new TextWebSocketFrame("4"));

        assertEquals(List.of("text 1", "text 23", "text 4"), received.messages);
    }

    @Test
    void messagesWithoutAReceiverAreReleasedWhenTheConnectionEnds() {
        WebSocketFrame early = arrive(new TextWebSocketFrame("1"));

        channel.close();

        assertEquals(0, early.refCnt());
    }

    @Test
    void messagesAfterACloseWithoutAReceiverAreDropped() {
        channel.writeOutbound(new CloseWebSocketFrame(1008, ""));

        assertEquals(0, arrive(new TextWebSocketFrame("1")).refCnt());
    }

    @Test
    void aMessageInSeveralFramesIsOneMessage() {
        messages.receive(received);

        arrive(new BinaryWebSocketFrame(false, 0, bytes("12345")));
        arrive(new PingWebSocketFrame());
        arrive(new ContinuationWebSocketFrame(false, 0, bytes("6789")));
        assertEquals(List.of(), received.messages);
        arrive(new ContinuationWebSocketFrame(true, 0, bytes("0")));

        assertEquals(List.of("binary 1234567890"), received.messages);
    }

    @Test
    void aLongerMessageInSeveralFramesClosesTheConnection() {
        messages.receive(received);
        arrive(new TextWebSocketFrame(false, 0, "12345"));

        assertThrows(
                TooLongFrameException.class, () -> arrive(new ContinuationWebSocketFrame(true, 0, "678901")));

        assertEquals(List.of(), received.messages);
        assertFalse(channel.isActive());
    }

    @Test
    void aMessageThatIsNotCompleteIsReleasedWhenTheConnectionEnds() {
        messages.receive(received);
        WebSocketFrame begun = arrive(new TextWebSocketFrame(false, 0, "1"));

        channel.close();

        assertEquals(0, begun.refCnt());
        assertEquals(List.of(), received.messages);
    }

    @Test
    void aMessageIsWrittenAsOneFrame() {
        List<@Nullable Throwable> written = new ArrayList<>();

        messages.sendText("grüße", written::add);
        messages.sendBinary(new byte[] {1, 2}, written::add);

        assertEquals("grüße", ((TextWebSocketFrame) channel.readOutbound()).text());
        assertEquals(
                Unpooled.wrappedBuffer(new byte[] {1, 2}), ((BinaryWebSocketFrame) channel.readOutbound()).content());
        assertEquals(2, written.size());
        assertNull(written.getFirst());
        assertNull(written.getLast());
    }

    private double counted(String metric, String direction) {
        return registry.get(metric)
                .tags("side", "client", "direction", direction)
                .functionCounter()
                .count();
    }

    @Test
    void messagesAreCounted() {
        messages.receive(received);

        arrive(new TextWebSocketFrame("grüße"));
        arrive(new PingWebSocketFrame());
        arrive(new BinaryWebSocketFrame(false, 0, bytes("1")));
        arrive(new ContinuationWebSocketFrame(true, 0, bytes("2")));
        messages.sendText("a", _ -> {});

        assertEquals(2, counted("livebridge.socket.messages", "inbound"));
        assertEquals(9, counted("livebridge.socket.bytes", "inbound"));
        assertEquals(1, counted("livebridge.socket.messages", "outbound"));
        assertEquals(1, counted("livebridge.socket.bytes", "outbound"));
    }

    @Test
    void nothingIsWrittenAfterACloseFrame() {
        channel.writeOutbound(new CloseWebSocketFrame(1000, ""));
        List<@Nullable Throwable> written = new ArrayList<>();

        messages.sendText("late", written::add);

        assertInstanceOf(CloseWebSocketFrame.class, channel.readOutbound()).release();
        assertNull(channel.readOutbound());
        assertNotNull(written.getFirst());
    }

    @Test
    void aWriteToAConnectionThatIsGoneFails() {
        channel.close();
        List<@Nullable Throwable> written = new ArrayList<>();

        messages.sendText("late", written::add);

        assertNotNull(written.getFirst());
        assertTrue(channel.outboundMessages().isEmpty());
    }
}
