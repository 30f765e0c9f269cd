package dev.livebridge.session.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenScheduleTest {

    private static final long BEGIN = -5;
    private final TokenSchedule tokens = new TokenSchedule(Duration.ofMinutes(3));

    private static long after(Duration time) {
        return BEGIN + time.toNanos();
    }

    @Test
    void theFirstOneIsDueAtOnceAndTheNextWhenSomethingChanged() {
        assertTrue(tokens.due(BEGIN));
        assertEquals(1, tokens.next(BEGIN));
        assertFalse(tokens.due(after(Duration.ofSeconds(90))));

        tokens.onChange();

        assertTrue(tokens.due(after(Duration.ofSeconds(90))));
    }

    @Test
    void notMoreThanOneASecond() {
        tokens.next(BEGIN);
        tokens.onChange();

        assertFalse(tokens.due(after(Duration.ofMillis(999))));
        assertTrue(tokens.due(after(Duration.ofSeconds(1))));
    }

    @Test
    void aNewOneComesBeforeTheOldOneEnds() {
        tokens.next(BEGIN);

        assertFalse(tokens.due(after(Duration.ofSeconds(119))));
        assertTrue(tokens.due(after(Duration.ofMinutes(2))));
    }

    @Test
    void usingOneRetiresTheOnesBeforeIt() {
        tokens.next(BEGIN);
        tokens.next(BEGIN);
        tokens.next(BEGIN);

        assertTrue(tokens.use(2));
        assertFalse(tokens.use(1));
        // The answer to its first use may have been lost.
        assertTrue(tokens.use(2));
        assertTrue(tokens.use(3));
        assertFalse(tokens.use(2));
    }

    @Test
    void aUsedOneIsRetiredOnceItsClientHasReceivedANewerOne() {
        tokens.next(BEGIN);
        assertEquals(0, tokens.unconfirmedUse(), "nothing was used yet");
        tokens.use(1);
        int use = tokens.unconfirmedUse();
        assertTrue(tokens.isGood(1));

        tokens.confirm(use);

        assertFalse(tokens.isGood(1));
        assertFalse(tokens.use(1));
        assertTrue(tokens.isConfirmed());
        assertEquals(0, tokens.unconfirmedUse());
        assertTrue(tokens.isGood(2));
    }

    @Test
    void theSignOfAnEarlierUseRetiresNothing() {
        tokens.next(BEGIN);
        tokens.use(1);
        int first = tokens.unconfirmedUse();
        tokens.use(1);

        tokens.confirm(first);

        assertTrue(tokens.use(1));
    }

    @Test
    void whoIsBackGetsANewOneAtOnce() {
        tokens.next(BEGIN);
        tokens.use(1);

        assertTrue(tokens.due(BEGIN));
    }

    @Test
    void countingGoesOnWhereTheOtherInstanceStopped() {
        tokens.onResume(7);
        tokens.issuedElsewhere(9);

        assertTrue(tokens.isNewerThanIssued(10));
        assertFalse(tokens.isNewerThanIssued(9));
        assertTrue(tokens.use(7));
        assertFalse(tokens.use(6));
        assertEquals(10, tokens.next(BEGIN));
    }
}
