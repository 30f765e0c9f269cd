package dev.livebridge.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads IMA ADPCM in a WAV container: four bits per sample, in blocks that each start with a full sample. */
final class Adpcm {

    private static final int[] INDEX_STEPS = {-1, -1, -1, -1, 2, 4, 6, 8};

    private static final int[] STEPS = steps();

    private Adpcm() {}

    /** Mono samples of a WAV file made by the recordings' script. */
    static short[] decode(byte[] wav) {
        ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        int blockBytes = 0;
        int sampleCount = 0;
        file.position(12);
        while (file.remaining() >= 8) {
            int id = file.getInt();
            int length = file.getInt();
            int start = file.position();
            switch (id) {
                case 0x20746d66 -> blockBytes = file.getShort(start + 12); // "fmt "
                case 0x74636166 -> sampleCount = file.getInt(start); // "fact"
                case 0x61746164 -> { // "data"
                    return samples(file.slice(start, length).order(ByteOrder.LITTLE_ENDIAN), blockBytes, sampleCount);
                }
                default -> {}
            }
            file.position(start + length + (length & 1));
        }
        throw new IllegalArgumentException("no data chunk in the recording");
    }

    private static short[] samples(ByteBuffer data, int blockBytes, int sampleCount) {
        short[] samples = new short[sampleCount];
        int count = 0;
        for (int block = 0; block < data.limit() && count < sampleCount; block += blockBytes) {
            int value = data.getShort(block);
            int index = data.get(block + 2);
            samples[count++] = (short) value;
            int end = Math.min(block + blockBytes, data.limit());
            for (int at = block + 4; at < end; at++) {
                int pair = data.get(at) & 0xFF;
                for (int nibble = pair, half = 0; half < 2 && count < sampleCount; half++, nibble = pair >> 4) {
                    value = next(value, index, nibble & 0xF);
                    index = Math.clamp(index + INDEX_STEPS[nibble & 7], 0, STEPS.length - 1);
                    samples[count++] = (short) value;
                }
            }
        }
        return samples;
    }

    private static int next(int value, int index, int nibble) {
        int step = STEPS[index];
        int difference = (step >> 3)
                + ((nibble & 4) != 0 ? step : 0)
                + ((nibble & 2) != 0 ? step >> 1 : 0)
                + ((nibble & 1) != 0 ? step >> 2 : 0);
        return Math.clamp(value + ((nibble & 8) != 0 ? -difference : difference), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** The standard's 89 step sizes. */
    private static int[] steps() {
        return new int[] {
            7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97,
            107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724,
            796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026,
            4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500,
            20350, 22385, 24623, 27086, 29794, 32767
        };
    }
}
