package dev.livebridge.session.account;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;

/**
 * The bound of the memory of all sessions together ({@link ProcessAccount}).
 *
 * <p>Without a setting it is derived from heap and direct memory. Of the heap, three eighths: the rest is for the
 * service itself, for the fixed cost of each session, and for garbage between two collections. Of the direct memory,
 * three quarters: the rest is for the buffers that sockets read into. The smaller one is used, because bytes may be on
 * the heap (queues, setups) or in direct memory (outstanding writes).
 *
 * @param heapBytes the maximum size of the heap; {@link Long#MAX_VALUE} when it is not known
 * @param directBytes the limit of direct memory
 * @param bytes the bound
 */
public record MemoryBound(long heapBytes, long directBytes, long bytes) {

    private static final String SETTING = "livebridge.session.memory-per-instance";

    /** The bound where the size of the heap is not known. */
    private static final long FALLBACK = 64L * 1024 * 1024;

    /** The smallest bound that a session fits into. */
    private static final long MIN_BYTES = 1024 * 1024;

    /**
     * The bound of this process.
     *
     * @param configured by the operator; empty when not set
     * @throws ConfigurationException when the setting is invalid
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
     * @param heapBytes the maximum size of the heap; {@link Long#MAX_VALUE} when it is not known
     * @param directBytes the limit of direct memory
     */
    public static long derived(long heapBytes, long directBytes) {
        if (heapBytes == Long.MAX_VALUE) {
            return FALLBACK;
        }
        return Math.max(MIN_BYTES, Math.min(heapBytes / 8 * 3, directBytes / 4 * 3));
    }

    /** The bound and its inputs, for the log. */
    public String described() {
        return "%d MiB (heap %s, direct memory %s)"
                .formatted(bytes >> 20, mebibytes(heapBytes), mebibytes(directBytes));
    }

    private static String mebibytes(long bytes) {
        return bytes == Long.MAX_VALUE ? "of unknown size" : (bytes >> 20) + " MiB";
    }
}
