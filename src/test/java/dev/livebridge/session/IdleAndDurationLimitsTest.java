package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.IdleAndDurationLimits.Notice;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleAndDurationLimitsTest {

    private final IdleAndDurationLimits times =
            new IdleAndDurationLimits(limits(Duration.ofMinutes(10), Duration.ofSeconds(30)), null, 0);

    @Test
    void anIdleEndingIsAnnouncedOnceAndThenDue() {
        assertNull(times.check(at(569), true));
        assertEquals(Notice.of(EndCause.IDLE_TIMEOUT, 30_000), times.check(at(570), true));
        assertNull(times.check(at(571), true));
        assertEquals(Notice.of(EndCause.IDLE_TIMEOUT, 0), times.check(at(601), true));
    }

    @Test
    void whoSpeaksAfterTheAnnouncementGoesOnAndIsWarnedAnew() {
        times.check(at(575), true);
        times.onActivity(at(580));

        assertNull(times.check(at(601), true));
        assertEquals(Notice.of(EndCause.IDLE_TIMEOUT, 30_000), times.check(at(1_150), true));
    }

    @Test
    void whatMayNotIdlePausesTheClock() {
        assertNull(times.check(at(700), false));

        assertNull(times.check(at(1_200), true));
        assertEquals(Notice.of(EndCause.IDLE_TIMEOUT, 0), times.check(at(1_301), true));
    }

    @Test
    void theMaximumIsAnnouncedOnceAndThenDueWhoeverSpeaks() {
        times.onActivity(at(7_169));
        assertNull(times.check(at(7_169), true));
        assertEquals(Notice.of(EndCause.MAX_DURATION, 30_000), times.check(at(7_170), true));
        times.onActivity(at(7_200));
        assertNull(times.check(at(7_200), true));
        assertEquals(Notice.of(EndCause.MAX_DURATION, 0), times.check(at(7_201), false));
    }

    @Test
    void aLimitShorterThanTheWarningIsAnnouncedAtItsHalf() {
        IdleAndDurationLimits shortly =
                new IdleAndDurationLimits(limits(Duration.ofSeconds(4), Duration.ofSeconds(30)), null, 0);

        assertNull(shortly.check(at(1), true));
        assertEquals(Notice.of(EndCause.IDLE_TIMEOUT, 2_000), shortly.check(at(2), true));
    }

    private static SessionLimits limits(Duration idle, Duration warning) {
        return new SessionLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                idle,
                Duration.ofHours(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                warning,
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                1_000,
                1_000,
                1_000);
    }

    private static long at(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void aCallerMayHaveLessTimeThanTheServiceGivesButNotMore() {
        SessionLimits hour = limits(Duration.ofMinutes(10), Duration.ofSeconds(30));
        Duration service = hour.maxDuration();
        IdleAndDurationLimits less = new IdleAndDurationLimits(hour, service.dividedBy(2), 0);
        IdleAndDurationLimits more = new IdleAndDurationLimits(hour, service.multipliedBy(2), 0);

        long half = service.dividedBy(2).toNanos() + 1;
        assertEquals(Notice.of(EndCause.MAX_DURATION, 0), less.check(half, false));
        assertEquals(Notice.of(EndCause.MAX_DURATION, 0), more.check(service.toNanos() + 1, false));
    }
}
