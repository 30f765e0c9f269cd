package dev.livebridge.load;

import dev.livebridge.load.Scores.Count;
import dev.livebridge.load.Scores.Timing;
import org.jspecify.annotations.Nullable;

/** A talker that streams without pause and expects every chunk back, byte for byte. */
final class EchoingPerson implements Person {

    /** The instruction that selects the simulator's echo (docs/simulator.md). */
    static final String INSTRUCTION = "livebridge-simulator: echo";

    private final EchoLedger ledger;
    private final ScoreBoard board;
    private final int chunkBytes;
    private boolean speaking;
    private boolean finished;

    EchoingPerson(int talker, int chunkBytes, ScoreBoard board) {
        this.ledger = new EchoLedger(talker);
        this.chunkBytes = chunkBytes;
        this.board = board;
    }

    @Override
    public void onReady(boolean fresh) {
        speaking = !finished;
    }

    @Override
    public void onDisconnected() {
        // Chunks in flight may still arrive over the next connection.
    }

    @Override
    public void onConversationLost() {
        speaking = false;
        giveUp();
    }

    @Override
    public void onServiceMessage(ServiceMessage message) {
        if (!(message instanceof ServiceMessage.Sound(byte[] pcm))) {
            return;
        }
        Scores scores = board.current();
        scores.count(Count.CHUNKS_HEARD);
        EchoLedger.Returned returned = ledger.onReturned(pcm);
        scores.count(
                switch (returned.fate()) {
                    case IN_ORDER -> Count.ECHOES;
                    case OVERTAKEN -> Count.ECHOES_OVERTAKEN;
                    case DOUBLED -> Count.ECHOES_DOUBLED;
                    case CORRUPT -> Count.ECHOES_CORRUPT;
                });
        if (returned.dueNanos() != null) {
            scores.time(Timing.ECHO, System.nanoTime() - returned.dueNanos());
        }
    }

    @Override
    public byte @Nullable [] chunk(long dueNanos) {
        return speaking ? ledger.next(chunkBytes, dueNanos) : null;
    }

    @Override
    public void finish() {
        finished = true;
        speaking = false;
    }

    @Override
    public boolean isSettled() {
        return ledger.missing() == 0;
    }

    @Override
    public void giveUp() {
        board.current().add(Count.ECHOES_LOST, ledger.forgetMissing());
    }
}
