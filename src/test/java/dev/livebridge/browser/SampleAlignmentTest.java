package dev.livebridge.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.Signal;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleAlignmentTest {

    private static final String PCM = "audio/pcm;rate=16000";

    private final SampleAlignment alignment = new SampleAlignment();

    private static ClientMessage chunk(String mimeType, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return new ClientMessage.Audio(Base64Text.encode(data), mimeType);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 1_025})
    void aStreamThatIsCutAnywhereKeepsItsSamples(int size) {
        // Given
        byte[] sound = new byte[20_000];
        new Random(14).nextBytes(sound);

        // When
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        for (int from = 0; from < sound.length; from += size) {
            byte[] cut = Arrays.copyOfRange(sound, from, Math.min(from + size, sound.length));
            for (ClientMessage message :
                    alignment.align(List.of(new ClientMessage.Audio(Base64Text.encode(cut), PCM)))) {
                byte[] whole = ((ClientMessage.Audio) message).data().decode();
                assertEquals(0, whole.length % 2);
                heard.writeBytes(whole);
            }
        }

        // Then
        assertArrayEquals(sound, heard.toByteArray());
    }

    @Test
    void whatIsWholeIsNotTouched() {
        List<ClientMessage> whole = new ArrayList<>(List.of(chunk(PCM, 1, 2), Signal.ACTIVITY_START));

        assertSame(whole, alignment.align(whole));
    }

    @Test
    void aByteIsNotCarriedBeyondTheEndOfItsStreamOrToAnotherRate() {
        assertEquals(
                List.of(chunk(PCM, 1, 2), Signal.AUDIO_STREAM_END, chunk(PCM, 4, 5)),
                alignment.align(List.of(chunk(PCM, 1, 2, 3), Signal.AUDIO_STREAM_END, chunk(PCM, 4, 5))));
        assertEquals(
                List.of(chunk(PCM, 1, 2), Signal.ACTIVITY_END, chunk(PCM, 4, 5)),
                alignment.align(List.of(chunk(PCM, 1, 2, 3), Signal.ACTIVITY_END, chunk(PCM, 4, 5))));
        assertEquals(
                List.of(chunk(PCM, 1, 2), chunk("audio/pcm", 4, 5)),
                alignment.align(List.of(chunk(PCM, 1, 2, 3), chunk("audio/pcm", 4, 5))));
    }
}
