package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioDurationTest {

    @ParameterizedTest
    @CsvSource({
        // bytes of PCM, MIME type, microseconds
        "48000, audio/pcm;rate=24000,            1000000",
        "32000, audio/pcm;rate=16000,            1000000",
        "3200,  audio/pcm;rate=16000;channels=1, 100000",
        "2,     audio/pcm;rate=1000,             1000",
        "1,     audio/pcm;rate=24000,            0",
        "0,     audio/pcm;rate=24000,            0",
        // A rate that is missing, unreadable or lower than any voice is the usual one.
        "48000, audio/pcm,                       1000000",
        "48000, '',                              1000000",
        "48000, audio/pcm;rate=,                 1000000",
        "48000, audio/pcm;rate=fast,             1000000",
        "48000, audio/pcm;rate=-16000,           1000000",
        "48000, audio/pcm;rate=0,                1000000",
        "48000, audio/pcm;rate=999,              1000000",
        // Digits without end are read up to seven of them.
        "48000, audio/pcm;rate=99999999999999,   2400",
    })
    void aPieceSoundsAsLongAsItsSamples(int bytes, String mimeType, long micros) {
        ServerMessage.Audio audio = new ServerMessage.Audio(Base64Text.encode(new byte[bytes]), mimeType);

        assertEquals(micros, AudioDuration.nanos(audio) / 1_000);
    }
}
