package dev.livebridge.limits;

import dev.livebridge.message.Base64Text;

/** How long a piece of PCM sounds. */
final class AudioSeconds {

    private static final String RATE = "rate=";
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int MIN_RATE = 1_000;
    private static final int MAX_RATE = 1_000_000;

    private AudioSeconds() {}

    /**
     * In seconds.
     *
     * @param mimeType {@code audio/pcm;rate=N}
     * @param defaultRate samples a second when none can be read
     */
    static double of(Base64Text data, String mimeType, int defaultRate) {
        return data.decodedLength() / (double) BYTES_PER_SAMPLE / rate(mimeType, defaultRate);
    }

    private static int rate(String mimeType, int defaultRate) {
        int at = mimeType.indexOf(RATE);
        int rate = 0;
        for (int i = at + RATE.length(); at >= 0 && i < mimeType.length() && rate < MAX_RATE; i++) {
            int digit = mimeType.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            rate = rate * 10 + digit;
        }
        return rate < MIN_RATE ? defaultRate : rate;
    }
}
