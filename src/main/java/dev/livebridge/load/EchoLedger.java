package dev.livebridge.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Sent chunks that the echo must return: each once, unchanged, in order, to its own talker. Every chunk carries its
 * talker, its number and a checksum.
 */
final class EchoLedger {

    private static final int TALKER_AT = 0;
    private static final int NUMBER_AT = 4;
    private static final int NOISE_AT = 8;
    private static final int CHECKSUM_BYTES = 4;

    /** Smallest chunk with room for these fields. */
    static final int MIN_BYTES = NOISE_AT + CHECKSUM_BYTES;

    private final int talker;
    private final Map<Integer, Long> outstanding = new HashMap<>();
    private int nextToSay;
    private int nextToHear;

    /** The verdict on a returned chunk. */
    enum Fate {
        /** The next expected chunk. */
        IN_ORDER,
        /** A chunk that arrives after a later one. */
        OVERTAKEN,
        /** A chunk that arrived before. */
        DOUBLED,
        /** A changed chunk, or one of another talker. */
        CORRUPT
    }

    /**
     * A returned chunk.
     *
     * @param dueNanos when it was due to be sent; {@code null} when this talker did not send it
     */
    record Returned(Fate fate, @Nullable Long dueNanos) {}

    EchoLedger(int talker) {
        this.talker = talker;
    }

    /**
     * The next chunk to send.
     *
     * @param bytes at least {@link #MIN_BYTES}
     * @param dueNanos the time it is due, from which its latency is measured
     */
    byte[] next(int bytes, long dueNanos) {
        int number = nextToSay++;
        byte[] chunk = new TestSignal(((long) talker << 32) + number, bytes / 2).pcm(0, bytes / 2);
        ByteBuffer fields = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(TALKER_AT, talker).putInt(NUMBER_AT, number);
        fields.putInt(bytes - CHECKSUM_BYTES, checksum(chunk));
        outstanding.put(number, dueNanos);
        return chunk;
    }

    /** Checks a returned chunk. */
    Returned onReturned(byte[] chunk) {
        if (chunk.length < MIN_BYTES) {
            return new Returned(Fate.CORRUPT, null);
        }
        ByteBuffer fields = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        int number = fields.getInt(NUMBER_AT);
        if (fields.getInt(TALKER_AT) != talker
                || number < 0
                || number >= nextToSay
                || fields.getInt(chunk.length - CHECKSUM_BYTES) != checksum(chunk)) {
            return new Returned(Fate.CORRUPT, null);
        }
        Long due = outstanding.remove(number);
        if (due == null) {
            return new Returned(Fate.DOUBLED, null);
        }
        if (number < nextToHear) {
            return new Returned(Fate.OVERTAKEN, due);
        }
        nextToHear = number + 1;
        return new Returned(Fate.IN_ORDER, due);
    }

    /** Chunks that have not come back. */
    int missing() {
        return outstanding.size();
    }

    /** Forgets the missing chunks and returns their number. */
    int forgetMissing() {
        int missing = outstanding.size();
        outstanding.clear();
        return missing;
    }

    private static int checksum(byte[] chunk) {
        CRC32C checksum = new CRC32C();
        checksum.update(Arrays.copyOf(chunk, chunk.length - CHECKSUM_BYTES));
        return (int) checksum.getValue();
    }
}
