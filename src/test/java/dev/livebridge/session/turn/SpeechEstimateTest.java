package dev.livebridge.session.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechEstimateTest {

    private static final int RATE = 16_000;

    private final SpeechEstimate estimate = new SpeechEstimate();
    private final Random random = new Random(7);

    @Test
    void digitalSilenceAndTheHissOfAMicrophoneAreNoSpeech() {
        assertEquals(0, heardMillis(2_000, 20, i -> 0));
        assertEquals(0, heardMillis(2_000, 20, i -> random.nextGaussian() * 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 128, 500})
    void aVoiceIsSpeechWhateverTheLengthOfTheChunks(int chunkMillis) {
        heardMillis(1_000, chunkMillis, i -> random.nextGaussian() * 50);

        int heard = heardMillis(2_000, chunkMillis, SpeechEstimateTest::voice);

        assertTrue(heard >= 1_200, heard + " ms of 2,000");
    }

    @Test
    void aFrameOfThreeSecondsIsSpeechIfSomewhereInItIs() {
        assertTrue(estimate.speechIn(pcm(3_000, i -> i > RATE && i < RATE * 3 / 2 ? voice(i) : 0)));
        assertFalse(estimate.speechIn(pcm(3_000, i -> 0)));
    }

    @Test
    void aClickIsNoSpeech() {
        assertEquals(0, heardMillis(200, 20, i -> i % RATE < 160 ? 20_000 * Math.sin(i) : 0));
    }

    @Test
    void aFanIsNotSpeechForEverButAVoiceAboveItIs() {
        // 600 is as loud as a quiet voice
        heardMillis(20_000, 20, i -> random.nextGaussian() * 600);

        assertEquals(0, heardMillis(1_000, 20, i -> random.nextGaussian() * 600));
        assertTrue(heardMillis(1_000, 20, i -> voice(i) + random.nextGaussian() * 600) >= 700);
    }

    @Test
    void bothSidesOfZeroAreEquallyLoud() {
        assertFalse(estimate.speechIn(pcm(500, i -> -1)));
        assertFalse(estimate.speechIn(pcm(500, i -> -200)));
        assertTrue(estimate.speechIn(pcm(500, i -> -8_000)));
    }

    @Test
    void oddsAndEndsAreHarmless() {
        for (String text : new String[] {"", "AAAA", "AAA=", "AQD/fw==", "\u20ac".repeat(64)}) {
            assertFalse(estimate.speechIn(new Base64Text(text)));
        }
    }

    /** Milliseconds of chunks that were taken for speech. */
    private int heardMillis(int millis, int chunkMillis, IntToDoubleFunction sound) {
        int heard = 0;
        for (int at = 0; at + chunkMillis <= millis; at += chunkMillis) {
            int from = at * RATE / 1_000;
            if (estimate.speechIn(pcm(chunkMillis, i -> sound.applyAsDouble(from + i)))) {
                heard += chunkMillis;
            }
        }
        return heard;
    }

    /** Pitch, a formant and syllables; amplitude of ordinary speech. */
    private static double voice(int i) {
        double syllables = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * i / RATE);
        return 4_000
                * syllables
                * (Math.sin(2 * Math.PI * 140 * i / RATE) + 0.5 * Math.sin(2 * Math.PI * 700 * i / RATE));
    }

    private static Base64Text pcm(int millis, IntToDoubleFunction sound) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * (RATE * millis / 1_000)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; bytes.hasRemaining(); i++) {
            bytes.putShort((short) sound.applyAsDouble(i));
        }
        return Base64Text.encode(bytes.array());
    }
}
