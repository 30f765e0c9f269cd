package dev.livebridge.browser.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameLimitsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1, 2048, 1000, livebridge.session.frames-per-second must be positive.",
        "1, -1, 2048, 1000, livebridge.session.bytes-per-second must be positive.",
        "1, 1, 1023, 1000, livebridge.session.bytes-burst must not be less than the largest message of 1024 bytes.",
        "1, 1, 2048, 0, livebridge.session.ping-interval must be at least 200ms.",
        "1, 1, 2048, -1000, livebridge.session.ping-interval must be at least 200ms.",
    })
    void aWrongSettingIsNamed(int frames, long bytes, long burst, long pingMillis, String sentence) {
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class,
                () -> new FrameLimits(1024, 16, 1024, frames, bytes, burst, Duration.ofMillis(pingMillis)));

        assertEquals(sentence, wrong.getMessage());
    }
}
