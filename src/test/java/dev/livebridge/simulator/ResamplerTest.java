package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound at another rate is the same sound. */
class ResamplerTest {

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000, 22_050, 44_100, 48_000})
    void keepsPitchLengthAndLoudness(int rate) {
        // Given
        short[] tone = tone(rate);

        // When
        short[] converted = Resampler.convert(tone, rate);

        // Then
        assertEquals(Resampler.MODEL_RATE, converted.length, 3);
        int shift = 3 * Resampler.MODEL_RATE / rate;
        for (int i = 100; i < converted.length - 100; i++) {
            double wanted = 10_000 * Math.sin(2 * Math.PI * 440 * (i - 2.0 * Resampler.MODEL_RATE / rate) / 24_000);
            assertEquals(wanted, converted[i], 250, "sample " + i + " shifted by " + shift);
        }
    }

    @Test
    void joinsChunksWithoutASeam() {
        // Given
        short[] tone = tone(16_000);
        short[] whole = Resampler.convert(tone, 16_000);

        // When
        Resampler resampler = new Resampler(16_000);
        short[] joined = new short[whole.length];
        int at = 0;
        for (int from = 0; from < tone.length; from += 321) {
            short[] part = resampler.next(Arrays.copyOfRange(tone, from, Math.min(from + 321, tone.length)));
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }

        // Then
        assertEquals(whole.length, at);
        assertArrayEquals(whole, joined);
    }

    private static short[] tone(int rate) {
        short[] tone = new short[rate];
        for (int i = 0; i < rate; i++) {
            tone[i] = (short) Math.round(10_000 * Math.sin(2 * Math.PI * 440 * i / rate));
        }
        return tone;
    }
}
