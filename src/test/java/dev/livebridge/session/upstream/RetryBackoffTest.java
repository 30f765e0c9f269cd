package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBackoffTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0   | 200 400 800 1600 3200 4000 4000 4000",
                "0.5 | 150 300 600 1200 2400 3000 3000 3000",
                "1   | 100 200 400 800 1600 2000 2000 2000",
            })
    void eachWaitDoublesUpToFourSecondsAndIsShortenedByUpToHalf(double random, String millis) {
        RetryBackoff backoff = new RetryBackoff(8, () -> random);

        List<String> waits = IntStream.range(0, 8)
                .mapToObj(_ -> backoff.next())
                .map(wait -> wait == null ? "none" : Long.toString(wait.toMillis()))
                .toList();

        assertEquals(millis, String.join(" ", waits));
        assertNull(backoff.next());
        assertEquals(8, backoff.used(), "a wait that is not granted is not counted");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void aStableConnectionRenewsTheAttempts(int attempts) {
        RetryBackoff backoff = new RetryBackoff(attempts, () -> 0);

        for (int connection = 0; connection < 3; connection++) {
            for (int i = 1; i <= attempts; i++) {
                assertEquals(Duration.ofMillis(100L << i), backoff.next());
                assertEquals(i, backoff.used());
            }
            assertNull(backoff.next());
            backoff.reset();
            assertEquals(0, backoff.used());
        }
    }

    /** A shift by 64 begins at the first wait again. */
    @ParameterizedTest
    @ValueSource(ints = {11, 32, 64, 200})
    void theLongestWaitStaysTheLongest(int attempts) {
        RetryBackoff backoff = new RetryBackoff(attempts, () -> 0);

        List<Duration> waits =
                IntStream.range(0, attempts).mapToObj(_ -> backoff.next()).toList();

        assertEquals(Duration.ofSeconds(4), waits.getLast());
    }
}
