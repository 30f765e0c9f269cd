package dev.livebridge.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signed 16-bit little-endian mono, the wire's only sound. */
final class Pcm {

    /** Without a rate 16 kHz is assumed (gemini-live-api.md section 4.3). */
    private static final int DEFAULT_RATE = 16_000;

    private static final Pattern RATE = Pattern.compile(";\\s*rate\\s*=\\s*(\\d{4,6})\\s*(?:;|$)");

    private Pcm() {}

    static int rateOf(String mimeType) {
        Matcher matcher = RATE.matcher(mimeType);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : DEFAULT_RATE;
    }

    static short[] samples(byte[] bytes) {
        short[] samples = new short[bytes.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) ((bytes[2 * i] & 0xFF) | (bytes[2 * i + 1] << 8));
        }
        return samples;
    }

    static byte[] bytes(short[] samples) {
        byte[] bytes = new byte[samples.length * 2];
        for (int i = 0; i < samples.length; i++) {
            bytes[2 * i] = (byte) samples[i];
            bytes[2 * i + 1] = (byte) (samples[i] >> 8);
        }
        return bytes;
    }
}
