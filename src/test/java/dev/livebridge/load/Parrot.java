package dev.livebridge.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/** Brings PCM from 16 to 24 kHz, by straight lines between the points. */
final class Parrot {

    private Parrot() {}

    static byte[] repeat(byte[] said) {
        ShortBuffer samples =
                ByteBuffer.wrap(said).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        int count = samples.limit() * 3 / 2;
        ByteBuffer heard = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int thirds = 2 * i;
            int at = thirds / 3;
            short next = at + 1 < samples.limit() ? samples.get(at + 1) : 0;
            heard.putShort((short) (samples.get(at) + (next - samples.get(at)) * (thirds % 3) / 3));
        }
        return heard.array();
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }
}
