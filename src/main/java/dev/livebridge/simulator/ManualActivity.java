package dev.livebridge.simulator;

import java.util.Arrays;

/**
 * Collects speech between the client's activity messages; there is no look-back before the first. Samples at 24 kHz.
 */
final class ManualActivity {

    private static final int MAX_UTTERANCE = Resampler.MODEL_RATE * 30;

    private short[] utterance = new short[0];
    private int length;
    private long heard;
    private boolean active;

    void start() {
        active = true;
        length = 0;
    }

    void accept(short[] samples) {
        heard += samples.length;
        if (!active) {
            return;
        }
        int count = Math.min(samples.length, MAX_UTTERANCE - length);
        if (length + count > utterance.length) {
            utterance = Arrays.copyOf(utterance, Math.max(2 * utterance.length, length + count));
        }
        System.arraycopy(samples, 0, utterance, length, count);
        length += count;
    }

    /** What was said since the start; empty without one. */
    short[] end() {
        short[] said = active ? Arrays.copyOf(utterance, length) : new short[0];
        active = false;
        length = 0;
        utterance = new short[0];
        return said;
    }

    long heardMs() {
        return heard * 1000 / Resampler.MODEL_RATE;
    }
}
