package dev.livebridge.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A unique audio signal: pseudo-random samples, a function of seed and position. It is loud enough to be detected as
 * speech from the first sample to the last.
 *
 * @param seed of the stretch
 * @param samples its length
 */
record TestSignal(long seed, int samples) {

    private static final int AMPLITUDE = 8_000;

    /** Samples of one chunk, PCM; what lies behind the end is silence. */
    byte[] pcm(int from, int count) {
        ByteBuffer pcm = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = from; i < Math.min(from + count, samples); i++) {
            pcm.putShort(at(i));
        }
        return pcm.array();
    }

    /** One sample. */
    short at(int place) {
        // The finaliser of SplitMix64: neighbouring places have nothing in common.
        long z = seed * 0x9E3779B97F4A7C15L + place * 0xD1B54A32D192ED03L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (short) ((((int) (z >>> 48) * 2 * AMPLITUDE) >> 16) - AMPLITUDE);
    }
}
