package dev.livebridge.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.load.RepetitionCheck.Verdict;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionCheckTest {

    private static final int CHUNK = 320;
    private static final int CHUNKS = 40;

    private final TestSignal said = new TestSignal(42, CHUNK * CHUNKS);
    private final byte[] heard = Parrot.repeat(said.pcm(0, said.samples()));
    private final byte[] preface = Parrot.repeat(new TestSignal(99, 1_234).pcm(0, 1_234));

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 6, 4_800})
    void allThatWasSaidIsFoundBehindWhateverComesBefore(int silentBytes) {
        byte[] answer = Parrot.join(preface, new byte[silentBytes], heard, new byte[960]);

        assertEquals(Verdict.WHOLE, RepetitionCheck.judge(said, answer));
    }

    @Test
    void theResamplerMayKeepTheLastSamplesBack() {
        assertEquals(Verdict.WHOLE, RepetitionCheck.judge(said, Arrays.copyOf(heard, heard.length - 6)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, CHUNKS - 1})
    void aLostChunkBreaksIt(int lost) {
        byte[] answer = Parrot.join(part(0, lost), part(lost + 1, CHUNKS));

        assertEquals(Verdict.BROKEN, RepetitionCheck.judge(said, answer));
    }

    @Test
    void aLostFirstChunkBreaksIt() {
        assertEquals(Verdict.ABSENT, RepetitionCheck.judge(said, part(1, CHUNKS)));
    }

    @Test
    void aDoubledChunkBreaksIt() {
        assertEquals(Verdict.BROKEN, RepetitionCheck.judge(said, Parrot.join(part(0, 11), part(10, CHUNKS))));
    }

    @Test
    void exchangedChunksBreakIt() {
        byte[] answer = Parrot.join(part(0, 10), part(11, 12), part(10, 11), part(12, CHUNKS));

        assertEquals(Verdict.BROKEN, RepetitionCheck.judge(said, answer));
    }

    @Test
    void anAnswerThatBreaksOffIsBroken() {
        assertEquals(Verdict.BROKEN, RepetitionCheck.judge(said, Arrays.copyOf(heard, heard.length / 2)));
    }

    @Test
    void somethingElseIsNotTakenForIt() {
        assertEquals(Verdict.ABSENT, RepetitionCheck.judge(said, preface));
        assertEquals(Verdict.ABSENT, RepetitionCheck.judge(said, new byte[96_000]));
        assertEquals(Verdict.ABSENT, RepetitionCheck.judge(said, new byte[0]));
    }

    /** Some chunks, as they were answered. */
    private byte[] part(int from, int to) {
        int bytes = 2 * CHUNK * 3 / 2;
        return Arrays.copyOfRange(heard, from * bytes, to * bytes);
    }
}
