package dev.livebridge.browser.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.Trials;
import dev.livebridge.hostile.FrameBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameParserPropertyTest {

    /** The content of a header. */
    private record Header(boolean last, int opcode, long length) {}

    private static final class Recorder implements FrameParser.Sink {

        private final List<Header> headers = new ArrayList<>();
        private long payload;
        private int ends;
        private int refuseAt = -1;

        @Override
        public boolean onHeader(boolean last, int opcode, long length) {
            headers.add(new Header(last, opcode, length));
            return headers.size() - 1 != refuseAt;
        }

        @Override
        public void onPayload(int bytes) {
            payload += bytes;
        }

        @Override
        public void onEnd() {
            ends++;
        }
    }

    @Test
    void whereverTheBytesAreCutTheFramesAreTheSame() {
        Trials.run(500, random -> {
            List<Header> sent = new ArrayList<>();
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            long payload = 0;
            for (int i = random.nextInt(1, 30); i > 0; i--) {
                int size = Trials.oneOf(random, 0, 1, 125, 126, 127, 65_535, 65_536, random.nextInt(2_000));
                Header header = new Header(random.nextBoolean(), random.nextInt(16), size);
                sent.add(header);
                payload += size;
                stream.writeBytes(FrameBytes.frame(header.last(), header.opcode(), new byte[size]));
            }
            byte[] bytes = stream.toByteArray();
            FrameParser parser = new FrameParser();
            Recorder recorder = new Recorder();

            int at = 0;
            while (at < bytes.length) {
                int piece = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 9_000));
                ByteBuf in = Unpooled.wrappedBuffer(bytes, at, piece);
                assertEquals(in.writerIndex(), parser.parse(in, recorder));
                at += piece;
            }

            assertEquals(sent, recorder.headers);
            assertEquals(payload, recorder.payload);
            assertEquals(sent.size(), recorder.ends);
        });
    }

    @Test
    void aRefusedFrameIsTakenOutFromItsFirstByte() {
        Trials.run(200, random -> {
            int size = random.nextInt(300);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int i = 0; i < 10; i++) {
                stream.writeBytes(FrameBytes.frame(true, 1, new byte[size]));
            }
            byte[] bytes = stream.toByteArray();
            Recorder recorder = new Recorder();
            recorder.refuseAt = random.nextInt(10);

            int wanted = new FrameParser().parse(Unpooled.wrappedBuffer(bytes), recorder);

            assertEquals(bytes.length / 10 * recorder.refuseAt, wanted);
            assertEquals(recorder.refuseAt, recorder.ends);
        });
    }
}
