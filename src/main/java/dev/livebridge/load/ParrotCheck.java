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
final class ParrotCheck {

    private static final int SAID_STEP = 2;
    private static final int HEARD_STEP = 3;

    /** Samples in a row that can't be there by chance. */
    private static final int RECOGNISED = 6;

    /** Samples at the very end that the resampler may keep back, to be heard with the silence behind them. */
    private static final int KEPT_BACK = 8;

    /** How much of it is there. */
    enum Verdict {
        /** All of it, unchanged and in order. */
        WHOLE,
        /** Its begin, but not all of it. */
        BROKEN,
        /** Nothing of it. */
        ABSENT
    }

    private ParrotCheck() {}

    /**
     * Judges an answer.
     *
     * @param said at 16 kHz
     * @param answer PCM at 24 kHz
     */
    static Verdict judge(Noise said, byte[] answer) {
        ShortBuffer heard =
                ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        Verdict best = Verdict.ABSENT;
        for (int first = 0; first < SAID_STEP; first++) {
            for (int at = 0; at < heard.limit(); at++) {
                int matched = matched(said, first, heard, at);
                if (first + SAID_STEP * matched >= said.samples() - KEPT_BACK) {
                    return Verdict.WHOLE;
                }
                if (matched >= RECOGNISED) {
                    best = Verdict.BROKEN;
                }
            }
        }
        return best;
    }

    /** Points in a row that agree. */
    private static int matched(Noise said, int first, ShortBuffer heard, int at) {
        int matched = 0;
        while (first + SAID_STEP * matched < said.samples()
                && at + HEARD_STEP * matched < heard.limit()
                && said.at(first + SAID_STEP * matched) == heard.get(at + HEARD_STEP * matched)) {
            matched++;
        }
        return matched;
    }
}
