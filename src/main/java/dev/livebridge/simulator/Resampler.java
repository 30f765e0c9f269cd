package dev.livebridge.simulator;

import java.util.Arrays;

/** Brings a stream of samples to 24 kHz by cubic interpolation, chunk after chunk without a seam. */
final class Resampler {

    /** The rate of everything the model says. */
    static final int MODEL_RATE = 24_000;

    private final int rate;
    private final double step;
    private final short[] tail = new short[3];
    private double position;

    Resampler(int rate) {
        this.rate = rate;
        this.step = (double) rate / MODEL_RATE;
    }

    int rate() {
        return rate;
    }

    /** The whole of {@code samples} at 24 kHz. */
    static short[] convert(short[] samples, int rate) {
        return rate == MODEL_RATE ? samples : new Resampler(rate).next(samples);
    }

    /** The next chunk; the newest three samples stay back as context for the one after it. */
    short[] next(short[] samples) {
        if (rate == MODEL_RATE) {
            return samples;
        }
        short[] joined = new short[tail.length + samples.length];
        System.arraycopy(tail, 0, joined, 0, tail.length);
        System.arraycopy(samples, 0, joined, tail.length, samples.length);
        int usable = joined.length - 3;
        short[] result = new short[Math.max(0, (int) Math.ceil((usable - position) / step))];
        int count = 0;
        while (count < result.length && position < usable) {
            int at = (int) position;
            result[count++] = interpolate(joined, at, position - at);
            position += step;
        }
        position -= usable;
        System.arraycopy(joined, usable, tail, 0, tail.length);
        return count == result.length ? result : Arrays.copyOf(result, count);
    }

    /** Catmull-Rom between the second and third of four samples. */
    private static short interpolate(short[] s, int at, double t) {
        double a = s[at];
        double b = s[at + 1];
        double c = s[at + 2];
        double d = s[at + 3 < s.length ? at + 3 : at + 2];
        double value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
        return (short) Math.clamp(Math.round(value), Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
