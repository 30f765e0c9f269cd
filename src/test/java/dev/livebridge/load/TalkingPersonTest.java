package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The turns of one person, on a clock of its own. */
class TalkingPersonTest {

    private static final int CHUNK_BYTES = 640;
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ScoreBoard board = new ScoreBoard();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private TalkingPerson person = person(0);
    private long due = System.nanoTime();

    @BeforeEach
    void begin() {
        person.onReady(true);
    }

    private TalkingPerson person(int bargeInPercent) {
        TalkerSettings talkerSettings =
                new TalkerSettings(Duration.ofMillis(400), Duration.ofMillis(200), bargeInPercent, 0, 20, 1);
        return new TalkingPerson(0, talkerSettings, board);
    }

    @Test
    void aTurnIsSpokenAnsweredAndJudged() {
        speak();
        answer(said.toByteArray());

        assertEquals(1, count(Count.TURNS));
        assertEquals(1, count(Count.ANSWERS_WHOLE));
        assertEquals(1, board.current().of(Timing.ANSWER).getTotalCount());
        speak();
        assertEquals(2, count(Count.TURNS));
    }

    @Test
    void theMicrophoneIsOpenDuringSilence() {
        byte[] thinking = person.chunk(due);
        speak();
        byte[] waiting = person.chunk(due);

        assertArrayEquals(new byte[CHUNK_BYTES], thinking);
        assertArrayEquals(new byte[CHUNK_BYTES], waiting);
    }

    @Test
    void anAnswerWithSomethingMissingIsCut() {
        speak();
        answer(Arrays.copyOf(said.toByteArray(), said.size() - CHUNK_BYTES));

        assertEquals(1, count(Count.ANSWERS_CUT));
        assertEquals(0, count(Count.ANSWERS_WHOLE));
    }

    @Test
    void anAnswerThatTheModelBreaksOffByItselfIsCut() {
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(new byte[100]));
        person.onServiceMessage(new ServiceMessage.Interrupted());

        assertEquals(1, count(Count.ANSWERS_CUT));
        assertEquals(0, count(Count.ANSWERS_INTERRUPTED));
    }

    @Test
    void anInterruptionIsTimedUntilTheModelStops() {
        person = person(100);
        person.onReady(true);
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(new byte[100]));
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(new byte[100]));
        person.onServiceMessage(new ServiceMessage.Interrupted());
        person.onServiceMessage(new ServiceMessage.TurnComplete());

        assertEquals(1, count(Count.ANSWERS_INTERRUPTED));
        assertEquals(1, board.current().of(Timing.INTERRUPTION).getTotalCount());
        assertEquals(0, count(Count.ANSWERS_CUT));
    }

    @Test
    void aTurnWithoutAnswerIsCountedAndAnotherFollows() {
        speak();
        due += TimeUnit.SECONDS.toNanos(21);
        person.chunk(due);

        assertEquals(1, count(Count.UNANSWERED));
        speak();
        assertEquals(2, count(Count.TURNS));
    }

    @Test
    void aConnectionThatGoesWhenEverythingWasSaidCutsNothing() {
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(Parrot.repeat(said.toByteArray())));
        person.onDisconnected();

        assertEquals(1, count(Count.ANSWERS_WHOLE));
    }

    @Test
    void aConversationLostInTheMiddleOfAnAnswerCutsIt() {
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(new byte[100]));
        person.onDisconnected();
        person.onConversationLost();

        assertEquals(1, count(Count.ANSWERS_CUT));
    }

    @Test
    void aTurnDuringWhichTheConnectionChangedNeedNotBeAnsweredWhole() {
        speak();
        person.onDisconnected();
        person.onReady(false);
        answer(Arrays.copyOf(said.toByteArray(), said.size() / 2));

        assertEquals(1, count(Count.TURNS_SPLIT));
        assertEquals(0, count(Count.ANSWERS_CUT));
    }

    @Test
    void soundThatComesInTimeIsNoStall() {
        speak();
        person.onServiceMessage(new ServiceMessage.Sound(new byte[48_000]));
        person.onServiceMessage(new ServiceMessage.Sound(new byte[48_000]));

        assertEquals(1, board.current().of(Timing.STALL).getTotalCount());
        assertEquals(0, board.current().of(Timing.STALL).getMaxValue());
    }

    /** Lets time pass until a turn has been wire. */
    private void speak() {
        long before = count(Count.TURNS);
        said.reset();
        while (count(Count.TURNS) == before) {
            due += CHUNK_NANOS;
            byte[] pcm = person.chunk(due);
            if (pcm != null && !Arrays.equals(pcm, new byte[pcm.length])) {
                said.writeBytes(pcm);
            }
            assertTrue(due - System.nanoTime() < TimeUnit.MINUTES.toNanos(1), "the turn has to come");
        }
    }

    private void answer(byte[] heard) {
        person.onServiceMessage(new ServiceMessage.Sound(Parrot.repeat(heard)));
        person.onServiceMessage(new ServiceMessage.TurnComplete());
    }

    private long count(Count count) {
        return board.current().of(count);
    }
}
