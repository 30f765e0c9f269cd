package dev.livebridge.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.MediaText;
import dev.livebridge.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageChannelTest {

    private static final int MAX = 10;

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final MessageChannel messages =
            MessageChannel.install(channel.pipeline().firstContext(), false, MAX, new Meters(registry).clientSockets());
    private final Received received = new Received();

    private static final class Received implements MessageReceiver {
        private final List<String> messages = new ArrayList<>();

        @Override
        public void onText(Utf8Slice payload) {
            messages.add("text " + payload.text());
        }

        @Override
        public void onBinary(Utf8Slice payload) {
            messages.add("binary " + payload.text());
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

        var _ = channel.close();

        assertEquals(0, early.refCnt());
    }

    @Test
    void messagesAfterACloseWithoutAReceiverAreDropped() {
        channel.writeOutbound(new CloseWebSocketFrame(1008, ""));

        assertEquals(0, arrive(new TextWebSocketFrame("1")).refCnt());
    }

    @Test
    void aCloseReleasesWhatWaitsForAReceiver() {
        WebSocketFrame early = arrive(new TextWebSocketFrame("1"));

        channel.writeOutbound(new CloseWebSocketFrame(1008, ""));

        assertEquals(0, early.refCnt());
    }

    @Test
    void moreBytesThanOneMessageDoNotWaitForAReceiver() {
        WebSocketFrame first = arrive(new TextWebSocketFrame("1234567890"));

        assertThrows(TooLongFrameException.class, () -> arrive(new TextWebSocketFrame("1")));

        assertEquals(0, first.refCnt());
        assertFalse(channel.isActive());
    }

    @Test
    void aBoundedNumberOfEmptyMessagesWaitsForAReceiver() {
        for (int i = 0; i < MessageChannel.MAX_EARLY_FRAMES; i++) {
            arrive(new TextWebSocketFrame(""));
        }

        assertThrows(TooLongFrameException.class, () -> arrive(new TextWebSocketFrame("")));

        assertFalse(channel.isActive());
    }

    @Test
    void theRestOfALongerMessageIsNoMessage() {
        List<WebSocketFrame> rest = new ArrayList<>();
        // The decoder may have more frames of the same read.
        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object read) {
                context.fireChannelRead(read);
                rest.forEach(context::fireChannelRead);
            }
        });
        messages.receive(received);
        arrive(new TextWebSocketFrame(false, 0, "12345"));
        rest.add(new ContinuationWebSocketFrame(true, 0, "rest"));

        assertThrows(TooLongFrameException.class, () -> arrive(new ContinuationWebSocketFrame(false, 0, "678901")));

        assertEquals(List.of(), received.messages);
        assertEquals(0, rest.getFirst().refCnt());
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

        assertThrows(TooLongFrameException.class, () -> arrive(new ContinuationWebSocketFrame(true, 0, "678901")));

        assertEquals(List.of(), received.messages);
        assertFalse(channel.isActive());
    }

    @Test
    void aMessageThatIsNotCompleteIsReleasedWhenTheConnectionEnds() {
        messages.receive(received);
        WebSocketFrame begun = arrive(new TextWebSocketFrame(false, 0, "1"));

        var _ = channel.close();

        assertEquals(0, begun.refCnt());
        assertEquals(List.of(), received.messages);
    }

    @Test
    void writesAreReportedWhenTheyAreOver() {
        List<@Nullable Throwable> written = new ArrayList<>();

        messages.sendText("grüße", written::add);
        messages.sendBinary(new byte[] {1, 2}, written::add);

        assertEquals(2, written.size());
        assertNull(written.getFirst());
        assertNull(written.getLast());
    }

    /** The peer's decoder reads what was written. */
    private List<WebSocketFrame> peerReads(boolean client, Consumer<MessageChannel> writes) {
        EmbeddedChannel own = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        writes.accept(MessageChannel.install(
                own.pipeline().firstContext(), client, MAX, new Meters(registry).clientSockets()));
        EmbeddedChannel peer = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(client)
                .maxFramePayloadLength(1 << 24)
                .build()));
        for (ByteBuf bytes = own.readOutbound(); bytes != null; bytes = own.readOutbound()) {
            peer.writeInbound(bytes);
        }
        List<WebSocketFrame> frames = new ArrayList<>();
        for (WebSocketFrame frame = peer.readInbound(); frame != null; frame = peer.readInbound()) {
            frames.add(frame);
        }
        own.finishAndReleaseAll();
        peer.finishAndReleaseAll();
        return frames;
    }

    /** The lengths at which the header changes, and those at which the scratch array grows or is left. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 4_300, 65_535, 65_536, 200_000, 300_000})
    void thePeerReadsMessagesOfAnyLength(int length) {
        String ascii = "0123456789abcdef!".repeat(length / 17 + 1).substring(0, length);
        String umlauts = "ü" + ascii;
        MediaText media = new MediaText("{\"data\":\"", new Base64Text(ascii), "\"}");
        MediaText foreign = new MediaText("{\"grüße\":\"", new Base64Text(ascii), "\"}");

        for (boolean client : new boolean[] {true, false}) {
            List<WebSocketFrame> frames = peerReads(client, out -> {
                out.sendText(ascii, _ -> {});
                out.sendText(umlauts, _ -> {});
                out.sendBinary(umlauts.getBytes(UTF_8), _ -> {});
                out.sendText(media, _ -> {});
                out.sendBinary(foreign, _ -> {});
            });

            assertEquals(
                    List.of(ascii, umlauts, umlauts, media.text(), foreign.text()),
                    frames.stream()
                            .map(frame -> frame.content().toString(UTF_8))
                            .toList());
            assertEquals(
                    List.of(true, true, false, true, false),
                    frames.stream().map(TextWebSocketFrame.class::isInstance).toList());
            assertTrue(frames.stream().allMatch(WebSocketFrame::isFinalFragment));
            frames.forEach(WebSocketFrame::release);
        }
    }

    @Test
    void theDataOfTheCallerIsNotMasked() {
        byte[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9};

        peerReads(true, out -> out.sendBinary(data, _ -> {})).forEach(WebSocketFrame::release);

        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, data);
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
        var _ = channel.close();
        List<@Nullable Throwable> written = new ArrayList<>();

        messages.sendText("late", written::add);

        assertNotNull(written.getFirst());
        assertTrue(channel.outboundMessages().isEmpty());
    }
}
