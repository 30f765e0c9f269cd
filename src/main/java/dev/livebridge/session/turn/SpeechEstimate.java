package dev.livebridge.session.turn;

import dev.livebridge.message.Base64Text;

/**
 * Estimates whether microphone audio contains speech, from the base64 of its PCM, without decoding it.
 *
 * <p>Eight base64 characters hold three samples of 16 bits. Two of the characters give the upper byte of the middle
 * one, which is enough for its energy; every fourth group is read. A window of about 20 ms is loud when its energy
 * exceeds both that of a quiet voice and that of the background noise; two loud windows in a row are speech, one is a
 * click. The noise level falls at once and rises slowly, so that constant noise such as a fan is not taken for speech.
 *
 * <p>An estimate: it finds pauses, and the end of an utterance, where the model sends no events about them. Used by the
 * client's thread only.
 */
public final class SpeechEstimate {

    private static final int GROUP = 8;
    private static final int STRIDE = 4 * GROUP;
    /** Three samples per group: 320 samples, 20 ms at 16 kHz. */
    private static final int WINDOW = 107 * GROUP;

    /** Squared upper bytes; 2 stands for an amplitude of 512 to 767, about -34 dB of full scale. */
    private static final double MIN_VOICE_ENERGY = 2 * 2;
    /** Three times the amplitude of the noise, 9.5 dB above it. */
    private static final double ABOVE_NOISE = 3 * 3;
    /** The noise level is at least this, because it rises by a factor. */
    private static final double NOISE_FLOOR_MIN = 0.01;
    /** Per window; doubles in about three seconds. */
    private static final double NOISE_RISE = 1.005;

    private static final byte[] VALUES = values();

    private double noise = MIN_VOICE_ENERGY / ABOVE_NOISE;
    private boolean lastLoud;

    /**
     * Takes the next piece of the stream.
     *
     * @param pcm 16-bit signed little-endian, mono, beginning at a sample
     * @return whether it contains speech
     */
    public boolean speechIn(Base64Text pcm) {
        String text = pcm.text();
        boolean speech = false;
        for (int from = 0; from + GROUP <= text.length(); from += WINDOW) {
            double energy = energy(text, from, Math.min(from + WINDOW, text.length() - GROUP + 1));
            boolean loud = energy >= MIN_VOICE_ENERGY && energy >= ABOVE_NOISE * noise;
            noise = energy < noise ? Math.max(energy, NOISE_FLOOR_MIN) : Math.min(energy, noise * NOISE_RISE);
            speech |= loud && lastLoud;
            lastLoud = loud;
        }
        return speech;
    }

    /** The mean square of the upper bytes. */
    private static double energy(String text, int from, int to) {
        long sum = 0;
        int count = 0;
        for (int at = from; at < to; at += STRIDE) {
            int upper = (byte) (value(text.charAt(at + 4)) << 2 | value(text.charAt(at + 5)) >> 4);
            // Toward zero on both sides: -1 is as quiet as 0.
            int amplitude = upper ^ (upper >> 31);
            sum += (long) amplitude * amplitude;
            count++;
        }
        return count == 0 ? 0 : (double) sum / count;
    }

    private static int value(char c) {
        return c < VALUES.length ? VALUES[c] : 0;
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }
}
