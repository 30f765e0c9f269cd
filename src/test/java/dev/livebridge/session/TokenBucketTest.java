package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.session.TokenBucket.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void theBurstIsThereAtOnceAndComesBackWithTheRate() {
        TokenBucket bucket = new TokenBucket(2, 4, 0);

        for (int i = 0; i < 4; i++) {
            assertEquals(Outcome.WITHIN, bucket.take(1, 0));
        }
        assertFalse(bucket.tryTake(SECOND / 2 - 1));
        assertTrue(bucket.tryTake(SECOND / 2));
    }

    @Test
    void anExcessIsToldOnceUntilTheBucketIsFullAgain() {
        TokenBucket bucket = new TokenBucket(1, 2, 0);
        bucket.take(2, 0);

        assertEquals(Outcome.EXCEEDED, bucket.take(1, 0));
        assertEquals(Outcome.WITHIN, bucket.take(1, 0));
        assertEquals(Outcome.EXHAUSTED, bucket.take(1, 0));

        bucket.take(2, 100 * SECOND);
        assertEquals(Outcome.EXCEEDED, bucket.take(1, 100 * SECOND));
    }

    @Test
    void aClockThatStandsStillOrJumpsBackGivesNothing() {
        TokenBucket bucket = new TokenBucket(1, 1, 10 * SECOND);

        assertTrue(bucket.tryTake(10 * SECOND));
        assertFalse(bucket.tryTake(0));
    }

    @Test
    void itTellsWhenTheNextTokenComes() {
        TokenBucket bucket = new TokenBucket(4, 1, 0);
        assertEquals(0, bucket.nanosToNext(0));

        assertTrue(bucket.tryTake(0));

        assertEquals(SECOND / 4, bucket.nanosToNext(0));
        assertTrue(bucket.tryTake(SECOND / 4));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void aRateIsPositive(double rate) {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(rate, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(1, rate, 0));
    }
}
