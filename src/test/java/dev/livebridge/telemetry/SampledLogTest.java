package dev.livebridge.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampledLogTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> summaries = new ArrayList<>();
    private final SampledLog log = new SampledLog("refusals", summaries::add, 3, clock::get);

    @Test
    void theFirstOfAMinuteAreWrittenAndTheOthersCounted() {
        assertEquals(3, written(1_003));
        assertEquals(List.of(), summaries);

        pass(Duration.ofSeconds(61));
        log.summarize();

        assertEquals(List.of("1000 more refusals in the last 60 s"), summaries);
    }

    @Test
    void theNextMinuteHasANewLimit() {
        written(5);
        pass(Duration.ofSeconds(60));

        assertTrue(log.mayWrite());
        assertEquals(List.of("2 more refusals in the last 60 s"), summaries);
        assertEquals(2, written(5));
    }

    @Test
    void noCountIsWrittenWithinTheMinute() {
        written(5);
        pass(Duration.ofSeconds(59));

        log.summarize();
        assertFalse(log.mayWrite());
        assertEquals(List.of(), summaries);
    }

    @Test
    void aCountIsWrittenOnce() {
        written(4);
        pass(Duration.ofSeconds(60));
        log.summarize();
        pass(Duration.ofSeconds(60));
        log.summarize();

        assertEquals(List.of("1 more refusals in the last 60 s"), summaries);
    }

    @Test
    void withoutLinesNoCountIsWritten() {
        written(3);
        pass(Duration.ofSeconds(60));
        log.summarize();

        assertEquals(List.of(), summaries);
    }

    private long written(int asked) {
        return IntStream.range(0, asked).filter(_ -> log.mayWrite()).count();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
