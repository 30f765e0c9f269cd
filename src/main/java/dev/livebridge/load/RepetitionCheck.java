package dev.livebridge.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * Finds the sent speech in the answer. The simulator repeats the speech after a sentence of its own, resampled from 16
 * to 24 kHz. The interpolation keeps the original samples, and three new samples last as long as two old ones: every
 * third sample of the answer equals every second sample of the speech. So half of all samples come back unchanged and
 * in order, and a chunk that is lost, doubled or moved in either direction breaks the sequence.
 */
final class RepetitionCheck {

    private static final int SPOKEN_STEP = 2;
    private static final int ANSWER_STEP = 3;

    /** Number of equal samples in a row that excludes chance. */
    private static final int MIN_MATCH = 6;

    /** Samples at the end that the resampler may hold back until more audio follows. */
    private static final int RESAMPLER_DELAY = 8;

    /** How much of the speech the answer holds. */
    enum Verdict {
        /** All of it, unchanged and in order. */
        WHOLE,
        /** The beginning, but not all of it. */
        BROKEN,
        /** Nothing of it. */
        ABSENT
    }

    private RepetitionCheck() {}

    /**
     * Compares an answer with the speech.
     *
     * @param said at 16 kHz
     * @param answer PCM at 24 kHz
     */
    static Verdict judge(TestSignal said, byte[] answer) {
        ShortBuffer received =
                ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        Verdict best = Verdict.ABSENT;
        for (int first = 0; first < SPOKEN_STEP; first++) {
            for (int at = 0; at < received.limit(); at++) {
                int matched = matched(said, first, received, at);
                if (first + SPOKEN_STEP * matched >= said.samples() - RESAMPLER_DELAY) {
                    return Verdict.WHOLE;
                }
                if (matched >= MIN_MATCH) {
                    best = Verdict.BROKEN;
                }
            }
        }
        return best;
    }

    /** Number of equal samples in a row. */
    private static int matched(TestSignal said, int first, ShortBuffer received, int at) {
        int matched = 0;
        while (first + SPOKEN_STEP * matched < said.samples()
                && at + ANSWER_STEP * matched < received.limit()
                && said.at(first + SPOKEN_STEP * matched) == received.get(at + ANSWER_STEP * matched)) {
            matched++;
        }
        return matched;
    }
}
