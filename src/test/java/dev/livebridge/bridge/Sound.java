package dev.livebridge.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** PCM for tests: 16 kHz, 16 bit, mono, little-endian. */
final class Sound {

    private static final int RATE = 16_000;

    private Sound() {}

    /** A tone of 300 Hz that swells like speech. */
    static byte[] speech(int millis) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * RATE * millis / 1000).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; pcm.hasRemaining(); i++) {
            double swell = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * i / RATE);
            pcm.putShort((short) (9_000 * swell * Math.sin(2 * Math.PI * 300 * i / RATE)));
        }
        return pcm.array();
    }

    /** Digital silence. */
    static byte[] silence(int millis) {
        return new byte[2 * RATE * millis / 1000];
    }
}
