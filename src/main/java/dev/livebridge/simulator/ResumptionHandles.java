package dev.livebridge.simulator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Sessions that can be resumed, for two hours each. Used from one event loop only. */
final class ResumptionHandles {

    private static final long LIFETIME_NANOS = Duration.ofHours(2).toNanos();
    private static final int MAX_HANDLES = 20_000;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final LongSupplier nanoTime;
    /** Oldest first. */
    private final SequencedMap<String, Snapshot> snapshots = new LinkedHashMap<>();

    /**
     * A session as it was when it last was idle.
     *
     * @param inUse whether the connection it came from is still open
     */
    record Snapshot(Model model, History history, long takenAt, BooleanSupplier inUse) {}

    ResumptionHandles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Stores a state and returns its handle. */
    String keep(Model model, History history, BooleanSupplier inUse) {
        long now = nanoTime.getAsLong();
        while (!snapshots.isEmpty()
                && (snapshots.size() >= MAX_HANDLES
                        || tooOld(snapshots.firstEntry().getValue(), now))) {
            snapshots.pollFirstEntry();
        }
        String handle = UUID.randomUUID().toString();
        snapshots.put(handle, new Snapshot(model, history.copy(), now, inUse));
        return handle;
    }

    /**
     * The state under a handle.
     *
     * @throws RefusedException 1007 for what is no handle, 1008 for one that is unknown or too old, 1011 when its
     *     session is still connected
     */
    Snapshot find(String handle) {
        if (!FORM.matcher(handle).matches()) {
            throw RefusedException.invalid("Invalid session handle");
        }
        Snapshot snapshot = snapshots.get(handle);
        if (snapshot == null || tooOld(snapshot, nanoTime.getAsLong())) {
            throw new RefusedException(1008, "BidiGenerateContent session not found");
        }
        if (snapshot.inUse().getAsBoolean()) {
            throw new RefusedException(1011, "Internal error encountered.");
        }
        return snapshot;
    }

    private static boolean tooOld(Snapshot snapshot, long now) {
        return now - snapshot.takenAt() > LIFETIME_NANOS;
    }
}
