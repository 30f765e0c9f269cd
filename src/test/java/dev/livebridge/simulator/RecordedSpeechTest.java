package dev.livebridge.simulator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.session.turn.SpeechEstimate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's guess about speech, on recorded speech. */
class RecordedSpeechTest {

    private static final int CHUNK = Resampler.MODEL_RATE / 50;

    @ParameterizedTest
    @ValueSource(strings = {"story", "fallback", "greeting", "who"})
    void recordedSpeechIsDetectedAndItsEndIsDated(String id) {
        // Given a recording, as loud as it is and a quarter of it, with silence around it
        short[] samples = new Recordings().get(id).samples();
        for (int divisor : new int[] {1, 4}) {
            SpeechEstimate estimate = new SpeechEstimate();
            for (int i = 0; i < 50; i++) {
                assertFalse(estimate.speechIn(chunk(new short[CHUNK], 0, 1)), "before");
            }

            // When it is listened to in chunks of 20 ms
            int heard = 0;
            int last = 0;
            int chunks = samples.length / CHUNK;
            for (int i = 0; i < chunks; i++) {
                if (estimate.speechIn(chunk(samples, i * CHUNK, divisor))) {
                    heard++;
                    last = i;
                }
            }

            // Then half of it is speech, or a third when it is quiet (the rest are pauses and soft sounds), and the end
            // of speech is found where the sound ends
            assertTrue(
                    heard > chunks * (divisor == 1 ? 0.5 : 0.3), heard + " of " + chunks + " chunks at 1/" + divisor);
            assertTrue(last > lastLoud(samples, divisor) - 15, "end at " + last + " of " + chunks + " at 1/" + divisor);
            for (int i = 0; i < 50; i++) {
                assertFalse(estimate.speechIn(chunk(new short[CHUNK], 0, 1)), "after");
            }
        }
    }

    /** The last chunk whose loudness is that of a quiet voice. */
    private static int lastLoud(short[] samples, int divisor) {
        int last = 0;
        for (int i = 0; i < samples.length / CHUNK; i++) {
            double sum = 0;
            for (int at = i * CHUNK; at < (i + 1) * CHUNK; at++) {
                sum += Math.pow((double) samples[at] / divisor, 2);
            }
            if (Math.sqrt(sum / CHUNK) > 700) {
                last = i;
            }
        }
        return last;
    }

    private static Base64Text chunk(short[] samples, int from, int divisor) {
        short[] part = Arrays.copyOfRange(samples, from, from + CHUNK);
        ByteBuffer bytes = ByteBuffer.allocate(2 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : part) {
            bytes.putShort((short) (sample / divisor));
        }
        return Base64Text.encode(bytes.array());
    }
}
