package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.livebridge.load.EchoLedger.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoLedgerTest {

    private static final int BYTES = 640;

    private final EchoLedger ledger = new EchoLedger(7);

    @Test
    void whatComesBackInOrderIsTimedFromWhenItWasDue() {
        byte[] first = ledger.next(BYTES, 1_000);
        byte[] second = ledger.next(BYTES, 2_000);

        assertEquals(new EchoLedger.Returned(Fate.IN_ORDER, 1_000L), ledger.onReturned(first));
        assertEquals(new EchoLedger.Returned(Fate.IN_ORDER, 2_000L), ledger.onReturned(second));
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatDoesNotComeBackIsMissing() {
        ledger.next(BYTES, 1);
        byte[] second = ledger.next(BYTES, 2);

        assertEquals(Fate.IN_ORDER, ledger.onReturned(second).fate());
        assertEquals(1, ledger.missing());
        assertEquals(1, ledger.forgetMissing());
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatComesAfterItsSuccessorWasOvertaken() {
        byte[] first = ledger.next(BYTES, 1);
        byte[] second = ledger.next(BYTES, 2);

        assertEquals(Fate.IN_ORDER, ledger.onReturned(second).fate());
        assertEquals(Fate.OVERTAKEN, ledger.onReturned(first).fate());
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatComesTwiceIsDoubled() {
        byte[] first = ledger.next(BYTES, 1);
        ledger.onReturned(first);

        assertEquals(Fate.DOUBLED, ledger.onReturned(first).fate());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 300, BYTES - 1})
    void aChangedByteIsSeenWhereverItIs(int place) {
        byte[] chunk = ledger.next(BYTES, 1);
        chunk[place] ^= 1;

        EchoLedger.Returned returned = ledger.onReturned(chunk);

        assertEquals(Fate.CORRUPT, returned.fate());
        assertNull(returned.dueNanos());
        assertEquals(1, ledger.missing());
    }

    @Test
    void aChunkThatThisTalkerDidNotSendIsCorrupt() {
        byte[] foreign = new EchoLedger(8).next(BYTES, 1);
        EchoLedger ahead = new EchoLedger(7);
        ahead.next(BYTES, 1);
        byte[] notYetSaid = ahead.next(BYTES, 2);
        ledger.next(BYTES, 1);

        assertEquals(Fate.CORRUPT, ledger.onReturned(foreign).fate());
        assertEquals(Fate.CORRUPT, ledger.onReturned(notYetSaid).fate());
        assertEquals(
                Fate.CORRUPT,
                ledger.onReturned(new byte[EchoLedger.MIN_BYTES - 1]).fate());
        assertEquals(Fate.CORRUPT, ledger.onReturned(new byte[BYTES]).fate());
    }
}
