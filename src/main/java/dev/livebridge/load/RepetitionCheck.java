package dev.livebridge.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * Finds what was said in what was answered. The simulator repeats what it heard after a sentence of its own, brought
 * from 16 to 24 kHz. Interpolation goes through the points it is given, and three new samples take the time of two old
 * ones: every third sample of the answer is a sample that was said, unchanged, and its neighbour the one after next. So
 * half of all samples come back exactly, in order, and a chunk that was lost, doubled or moved on either way breaks the
 * row.
 */
final class RepetitionCheck {

    private static final int SPOKEN_STEP = 2;
    private static final int ANSWER_STEP = 3;

    /** Samples in a row that can't be there by chance. */
    private static final int MIN_MATCH = 6;

    /** Samples at the very end that the resampler may keep back, to be heard with the silence behind them. */
    private static final int RESAMPLER_DELAY = 8;

    /** How much of it is there. */
    enum Verdict {
        /** All of it, unchanged and in order. */
        WHOLE,
        /** Its begin, but not all of it. */
        BROKEN,
        /** Nothing of it. */
        ABSENT
    }

    private RepetitionCheck() {}

    /**
     * Judges an answer.
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

    /** Points in a row that agree. */
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
