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
        byte[] first = ledger.say(BYTES, 1_000);
        byte[] second = ledger.say(BYTES, 2_000);

        assertEquals(new EchoLedger.Returned(Fate.IN_ORDER, 1_000L), ledger.hear(first));
        assertEquals(new EchoLedger.Returned(Fate.IN_ORDER, 2_000L), ledger.hear(second));
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatDoesNotComeBackIsMissing() {
        ledger.say(BYTES, 1);
        byte[] second = ledger.say(BYTES, 2);

        assertEquals(Fate.IN_ORDER, ledger.hear(second).fate());
        assertEquals(1, ledger.missing());
        assertEquals(1, ledger.forgetMissing());
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatComesAfterItsSuccessorWasOvertaken() {
        byte[] first = ledger.say(BYTES, 1);
        byte[] second = ledger.say(BYTES, 2);

        assertEquals(Fate.IN_ORDER, ledger.hear(second).fate());
        assertEquals(Fate.OVERTAKEN, ledger.hear(first).fate());
        assertEquals(0, ledger.missing());
    }

    @Test
    void whatComesTwiceIsDoubled() {
        byte[] first = ledger.say(BYTES, 1);
        ledger.hear(first);

        assertEquals(Fate.DOUBLED, ledger.hear(first).fate());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 300, BYTES - 1})
    void aChangedByteIsSeenWhereverItIs(int place) {
        byte[] chunk = ledger.say(BYTES, 1);
        chunk[place] ^= 1;

        EchoLedger.Returned returned = ledger.hear(chunk);

        assertEquals(Fate.CORRUPT, returned.fate());
        assertNull(returned.dueNanos());
        assertEquals(1, ledger.missing());
    }

    @Test
    void whatAnotherSaidOrNobodyIsCorrupt() {
        byte[] foreign = new EchoLedger(8).say(BYTES, 1);
        EchoLedger ahead = new EchoLedger(7);
        ahead.say(BYTES, 1);
        byte[] notYetSaid = ahead.say(BYTES, 2);
        ledger.say(BYTES, 1);

        assertEquals(Fate.CORRUPT, ledger.hear(foreign).fate());
        assertEquals(Fate.CORRUPT, ledger.hear(notYetSaid).fate());
        assertEquals(
                Fate.CORRUPT, ledger.hear(new byte[EchoLedger.LEAST_BYTES - 1]).fate());
        assertEquals(Fate.CORRUPT, ledger.hear(new byte[BYTES]).fate());
    }
}
