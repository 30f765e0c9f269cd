package dev.livebridge.session.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a connection to the model is replaced. All times are milliseconds since it was opened. */
class RotationPolicyTest {

    /** System.nanoTime may be anything, and overflows. */
    private static final long OPENED = Long.MAX_VALUE - 5_000_000_000L;

    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    @ParameterizedTest
    @CsvSource({
        // random part of the age, time, pause, handle, expected
        "0,   599999, true,  true,",
        "0,   600000, true,  true,  AGE",
        "0,   600000, false, true,",
        "0,   600000, true,  false,",
        "0, 36000000, false, false,",
        "1,   539999, true,  true,",
        "1,   540000, true,  true,  AGE",
        "0.5, 569999, true,  true,",
        "0.5, 570000, true,  true,  AGE",
    })
    void anOldConnectionWaitsForAPauseAndAHandleWithoutLimit(
            double random, int millis, boolean pause, boolean handle, @Nullable RotationTrigger expected) {
        RotationPolicy policy = new RotationPolicy(OPENED, MAX_AGE, random);

        assertEquals(expected, policy.due(at(millis), pause, handle));
    }

    @ParameterizedTest
    @CsvSource({
        // the announcement: its time and the time left; the question: its time, pause, handle; expected
        "100000,  50000, 100000, true,  true,  GO_AWAY",
        "100000,  50000, 100000, true,  false,",
        "100000,  50000, 100000, false, true,",
        // One second before the end it waits no longer, or a quarter of a short time.
        "100000,  50000, 148999, false, false,",
        "100000,  50000, 149000, false, false, GO_AWAY",
        "100000,   2000, 101499, false, false,",
        "100000,   2000, 101500, false, false, GO_AWAY",
        "100000,      0, 100000, false, false, GO_AWAY",
        // With more than the usual notice the connection is used for half a minute.
        "1000,    60000,   1000, true,  true,  GO_AWAY",
        "1000,    60001,   1000, true,  true,",
        "1000,    60001,  29999, true,  true,",
        "1000,    60001,  30000, true,  true,  GO_AWAY",
        "100000, 600000, 100000, true,  true,  GO_AWAY",
        "1000,   600000, 599999, false, false,",
        "1000,   600000, 600000, false, false, GO_AWAY",
    })
    void anAnnouncedEndWaitsForAPauseUntilItsDeadline(
            int announcedMillis,
            int leftMillis,
            int millis,
            boolean pause,
            boolean handle,
            @Nullable RotationTrigger expected) {
        RotationPolicy policy = new RotationPolicy(OPENED, Duration.ofHours(1), 0);

        policy.onGoAway(Duration.ofMillis(leftMillis), at(announcedMillis));

        assertEquals(expected, policy.due(at(millis), pause, handle));
    }

    @Test
    void theModelsOwnAgeReplacesTheFirstAssumption() {
        RotationPolicy policy = new RotationPolicy(OPENED, MAX_AGE, 1);

        policy.limitAge(Duration.ofMinutes(50));

        assertEquals(null, policy.due(at(45 * 60_000 - 1), true, true));
        assertEquals(RotationTrigger.AGE, policy.due(at(45 * 60_000), true, true));
    }

    @Test
    void anAnnouncementIsTheReasonAlsoOfAnOldConnection() {
        RotationPolicy policy = new RotationPolicy(OPENED, MAX_AGE, 0);
        policy.onGoAway(Duration.ofSeconds(50), at(600_000));

        assertEquals(RotationTrigger.GO_AWAY, policy.due(at(600_000), true, true));
    }

    private static long at(int millis) {
        return OPENED + millis * 1_000_000L;
    }
}
