package dev.livebridge.session.account;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;

/**
 * How much memory all sessions may take together ({@link ProcessAccount}).
 *
 * <p>Without a setting it is derived from what the process has. Of the heap, three eighths: the rest is for the service
 * itself, for what each session needs without being asked for it, and for the garbage that relaying makes between two
 * collections. Of the direct memory, three quarters: the rest is for the buffers that sockets read into. The smaller
 * one counts, because bytes may be on the heap (queues, setups) or in direct memory (what is being written).
 *
 * @param heapBytes what the heap can grow to; {@link Long#MAX_VALUE} when that is not known
 * @param directBytes how much direct memory there can be
 * @param bytes the bound
 */
public record MemoryBound(long heapBytes, long directBytes, long bytes) {

    private static final String SETTING = "livebridge.session.memory-per-instance";

    /** The bound where the size of the heap is not known. */
    private static final long FALLBACK = 64L * 1024 * 1024;

    /** Less than this holds no conversation. */
    private static final long MIN_BYTES = 1024 * 1024;

    /**
     * The bound of this process.
     *
     * @param configured by the operator, if at all
     * @throws ConfigurationException when the setting makes no sense
     */
    public static MemoryBound of(Optional<Long> configured, long heapBytes, long directBytes) {
        long bytes = configured.orElseGet(() -> derived(heapBytes, directBytes));
        if (bytes < MIN_BYTES) {
            throw new ConfigurationException(SETTING + " must be at least " + MIN_BYTES + ", but is " + bytes + ".");
        }
        if (configured.isPresent() && bytes > heapBytes) {
            throw new ConfigurationException(SETTING + " is " + bytes + ", which is more than the heap can hold ("
                    + heapBytes + "). Give the process more memory, or sessions less.");
        }
        return new MemoryBound(heapBytes, directBytes, bytes);
    }

    /**
     * The bound that follows from the sizes of heap and direct memory, in bytes.
     *
     * @param heapBytes what the heap can grow to; {@link Long#MAX_VALUE} when that is not known
     * @param directBytes how much direct memory there can be
     */
    public static long derived(long heapBytes, long directBytes) {
        if (heapBytes == Long.MAX_VALUE) {
            return FALLBACK;
        }
        return Math.max(MIN_BYTES, Math.min(heapBytes / 8 * 3, directBytes / 4 * 3));
    }

    /** For the log: what was derived from what. */
    public String described() {
        return "%d MiB (heap %s, direct memory %s)"
                .formatted(bytes >> 20, mebibytes(heapBytes), mebibytes(directBytes));
    }

    private static String mebibytes(long bytes) {
        return bytes == Long.MAX_VALUE ? "of unknown size" : (bytes >> 20) + " MiB";
    }
}
