package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionTimerTest {

    private static final long TICK = SessionTimer.TICK.toNanos();

    private final TestClock clock = new TestClock();
    private final SessionTimer timer = new SessionTimer(clock);

    private static final class TestClock implements SessionClock {

        private long nanos = 7;

        @Override
        public long now() {
            return nanos;
        }

        @Override
        public void pause(Duration time) {
            throw new AssertionError("no code waits here");
        }
    }

    /** A session with one deadline, which is told at most once per time that is set. */
    private final class Session implements SessionTimer.Timed {

        final List<Long> fired = new ArrayList<>();
        final EventFlag events = new EventFlag(() -> timer.onEvent(this));
        long deadline = Long.MAX_VALUE;
        int checks;
        int faults;
        boolean ended;
        Runnable duringCheck = () -> {};

        Session() {
            timer.add(this);
        }

        @Override
        public void checkDeadlines() {
            checks++;
            duringCheck.run();
            if (clock.nanos >= deadline) {
                fired.add(clock.nanos);
                deadline = Long.MAX_VALUE;
            }
        }

        @Override
        public long dueInNanos() {
            if (ended) {
                return Long.MAX_VALUE;
            }
            return deadline == Long.MAX_VALUE ? Long.MAX_VALUE - 1 : deadline - clock.nanos;
        }

        @Override
        public EventFlag events() {
            return events;
        }

        @Override
        public void fault(String doing, RuntimeException fault) {
            faults++;
        }
    }

    private void pass(Duration time) {
        for (long ticks = time.toNanos() / TICK; ticks > 0; ticks--) {
            clock.nanos += TICK;
            timer.tick();
        }
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void eachDeadlineFiresAtItsTimeAndOnce() {
        long start = clock.nanos;
        List<Session> sessions = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> {
                    Session session = new Session();
                    session.deadline = start + seconds(i) / 2;
                    return session;
                })
                .toList();

        pass(Duration.ofSeconds(30));

        for (int i = 1; i <= 40; i++) {
            assertEquals(List.of(start + seconds(i) / 2), sessions.get(i - 1).fired);
        }
    }

    @Test
    void aDeadlineThatAnEventMovesFiresOnceAtTheNewTime() {
        Session earlier = new Session();
        Session later = new Session();
        long start = clock.nanos;
        earlier.deadline = start + seconds(60);
        later.deadline = start + seconds(3);
        pass(Duration.ofSeconds(1));

        earlier.deadline = start + seconds(2);
        earlier.events.set();
        later.deadline = start + seconds(20);
        later.events.set();
        pass(Duration.ofSeconds(99));

        assertEquals(List.of(start + seconds(2)), earlier.fired);
        assertEquals(List.of(start + seconds(20)), later.fired);
    }

    @Test
    void aRemovedOrEndedSessionIsNotChecked() {
        Session removed = new Session();
        Session ended = new Session();
        pass(Duration.ofSeconds(1));
        int checks = removed.checks;

        timer.remove(removed);
        removed.events.set();
        ended.ended = true;
        ended.events.set();
        pass(Duration.ofSeconds(30));

        assertEquals(checks, removed.checks);
        assertEquals(checks + 1, ended.checks);
        assertEquals(0, timer.size());
    }

    @Test
    void tenThousandIdleSessionsAreNotLookedAtInATick() {
        List<Session> sessions =
                IntStream.range(0, 10_000).mapToObj(_ -> new Session()).toList();
        timer.tick();
        assertEquals(
                10_000, sessions.stream().mapToInt(session -> session.checks).sum());
        assertEquals(10_000, timer.size());

        pass(SessionTimer.MAX_INTERVAL.minus(SessionTimer.TICK));

        assertEquals(
                10_000, sessions.stream().mapToInt(session -> session.checks).sum(), "49 ticks");
        pass(SessionTimer.TICK);
        assertEquals(
                20_000, sessions.stream().mapToInt(session -> session.checks).sum(), "the 50th tick");
    }

    @Test
    void anActiveSessionIsCheckedInEachTick() {
        Session active = new Session();
        Session idle = new Session();
        timer.tick();

        for (int i = 0; i < 20; i++) {
            active.events.set();
            active.events.set();
            pass(SessionTimer.TICK);
        }

        assertEquals(21, active.checks);
        assertEquals(1, idle.checks);
    }

    @Test
    void anEventDuringACheckIsNotLost() {
        Session session = new Session();
        session.duringCheck = session.events::set;
        timer.tick();
        session.duringCheck = () -> {};

        pass(SessionTimer.TICK);
        assertEquals(2, session.checks);

        pass(SessionTimer.TICK);
        assertEquals(2, session.checks);
    }

    @Test
    void aFaultOfOneSessionDoesNotStopTheOthers() {
        Session faulty = new Session();
        faulty.duringCheck = () -> {
            throw new IllegalStateException("a fault");
        };
        Session other = new Session();

        timer.tick();
        pass(SessionTimer.TICK);

        assertEquals(2, faulty.faults);
        assertEquals(1, other.checks);
    }
}
