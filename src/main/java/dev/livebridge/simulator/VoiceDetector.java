package dev.livebridge.simulator;

import java.util.Arrays;

/**
 * Finds speech by its energy. Its clock is the audio itself: a second has passed when a second of samples has come in,
 * however fast they came. Samples are at 24 kHz.
 */
final class VoiceDetector {

    private static final int FRAME = Resampler.MODEL_RATE / 50;
    private static final int FRAME_MS = 20;

    /** Speech kept from before its start was certain, so that the first consonant is not lost. */
    private static final int LOOK_BACK = Resampler.MODEL_RATE * 3 / 10;

    /** Maximum utterance that is kept; later samples are detected but not repeated. */
    private static final int MAX_UTTERANCE = Resampler.MODEL_RATE * 30;

    private final VoiceSettings settings;
    private final Listener listener;
    private final short[] frame = new short[FRAME];
    private final short[] lookBack = new short[LOOK_BACK];

    private short[] utterance = new short[0];
    private int utteranceLength;
    private int framed;
    private int lookBackLength;
    private int loudMs;
    private int quietMs;
    private long heardMs;
    private boolean speaking;

    /** Called on the caller's thread, while samples are accepted. */
    interface Listener {

        /** Speech began, so many milliseconds after the start of the stream. */
        void speechStarted(long offsetMs);

        /** Speech ended; the utterance is without the silence after it. */
        void speechEnded(long offsetMs, short[] utterance);
    }

    VoiceDetector(VoiceSettings settings, Listener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    boolean speaking() {
        return speaking;
    }

    long heardMs() {
        return heardMs;
    }

    void accept(short[] samples) {
        for (int from = 0; from < samples.length; ) {
            int count = Math.min(FRAME - framed, samples.length - from);
            System.arraycopy(samples, from, frame, framed, count);
            framed += count;
            from += count;
            if (framed == FRAME) {
                framed = 0;
                judge();
            }
        }
    }

    /** The stream pauses: speech in progress ends here, without waiting for silence. */
    void flush() {
        if (speaking) {
            end();
        }
        loudMs = 0;
        lookBackLength = 0;
    }

    private void judge() {
        heardMs += FRAME_MS;
        boolean loud = loudness() >= settings.threshold();
        if (speaking) {
            keep();
            quietMs = loud ? 0 : quietMs + FRAME_MS;
            if (quietMs >= settings.endMs()) {
                end();
            }
            return;
        }
        remember();
        // A short gap inside a word does not start the count again, it only counts backwards.
        loudMs = loud ? loudMs + FRAME_MS : Math.max(0, loudMs - FRAME_MS);
        if (loudMs >= settings.startMs()) {
            speaking = true;
            quietMs = 0;
            utterance = Arrays.copyOf(lookBack, lookBackLength);
            utteranceLength = lookBackLength;
            listener.speechStarted(Math.max(0, heardMs - loudMs));
        }
    }

    private void end() {
        int silence = quietMs * Resampler.MODEL_RATE / 1000;
        short[] said = Arrays.copyOf(utterance, Math.max(0, utteranceLength - silence));
        long endedAt = heardMs - quietMs;
        speaking = false;
        loudMs = 0;
        quietMs = 0;
        lookBackLength = 0;
        utterance = new short[0];
        utteranceLength = 0;
        listener.speechEnded(endedAt, said);
    }

    private void keep() {
        if (utteranceLength + FRAME > MAX_UTTERANCE) {
            return;
        }
        if (utteranceLength + FRAME > utterance.length) {
            utterance = Arrays.copyOf(utterance, Math.max(2 * utterance.length, Resampler.MODEL_RATE));
        }
        System.arraycopy(frame, 0, utterance, utteranceLength, FRAME);
        utteranceLength += FRAME;
    }

    private void remember() {
        if (lookBackLength + FRAME > LOOK_BACK) {
            System.arraycopy(lookBack, FRAME, lookBack, 0, lookBackLength - FRAME);
            lookBackLength -= FRAME;
        }
        System.arraycopy(frame, 0, lookBack, lookBackLength, FRAME);
        lookBackLength += FRAME;
    }

    private double loudness() {
        long sum = 0;
        for (short sample : frame) {
            sum += (long) sample * sample;
        }
        return Math.sqrt((double) sum / FRAME);
    }
}
