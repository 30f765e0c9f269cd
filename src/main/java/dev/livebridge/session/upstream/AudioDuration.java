package dev.livebridge.session.upstream;

import dev.livebridge.message.ServerMessage;

/** The playing time of a chunk of the model's audio. */
final class AudioDuration {

    private static final String RATE = "rate=";
    private static final int DEFAULT_RATE = 24_000;
    private static final int BYTES_PER_SAMPLE = 2;

    private AudioDuration() {}

    /** In nanoseconds; without a readable rate, at {@link #DEFAULT_RATE}. */
    static long nanos(ServerMessage.Audio audio) {
        long samples = audio.data().decodedLength() / BYTES_PER_SAMPLE;
        return samples * 1_000_000_000L / rate(audio.mimeType());
    }

    private static int rate(String mimeType) {
        int at = mimeType.indexOf(RATE);
        int rate = 0;
        for (int i = at + RATE.length(); at >= 0 && i < mimeType.length() && rate < 1_000_000; i++) {
            int digit = mimeType.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            rate = rate * 10 + digit;
        }
        return rate < 1_000 ? DEFAULT_RATE : rate;
    }
}
