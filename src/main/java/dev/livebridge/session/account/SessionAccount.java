package dev.livebridge.session.account;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The memory of one session, by part, in bytes. Every kind of memory that a peer can cause is counted here, by the code
 * that allocates it, at the time of the allocation.
 *
 * <p><b>Bounds.</b> Each change is also a change of the {@link ProcessAccount}. The account compares its parts and its
 * total with their bounds on every addition; callers do not check. The first addition that exceeds a bound is counted
 * and reported to the session, once; the session then ends. Additions after it are refused, so that the excess is one
 * addition per thread at most.
 *
 * <p><b>End.</b> After {@link #onSessionEnded} the bytes count as memory that is being freed: they remain in the parts,
 * but the process ends no other session because of them. After {@link #close} all parts are and remain zero.
 *
 * <p>Safe to use from any thread, also while locks are held: no method blocks, and the report comes on its own thread.
 * A change costs three or four atomic operations.
 */
public final class SessionAccount {

    /** What bytes are used for. */
    public enum Part {
        /** Frames received and not yet decoded, including unfinished messages. */
        INBOUND,
        /** The client's setup and the one fitted to the model; each copy counts. */
        SETUP,
        /** Notices about changes to the setup. */
        NOTICES,
        /** Messages that wait for the model, and writes to it that have not finished. */
        QUEUE_UP,
        /** Messages that wait for the client, including the gateway's own. */
        QUEUE_DOWN,
        /** The conversation memory: transcript, unanswered text, pending calls, handle. */
        MEMORY,
        /** Writes to the client's socket that have not finished, including pongs. */
        OUTBOUND;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The metric label. */
        public String label() {
            return label;
        }
    }

    /**
     * A bound is exceeded.
     *
     * @param bound the exceeded bound
     * @param part the part whose bound is exceeded; for other bounds, the largest part of the session
     */
    public record Overrun(Bound bound, Part part) {}

    /** The bounds. */
    public enum Bound {
        /** The bound of one part. */
        PART,
        /** The bound of the session. */
        SESSION,
        /** The bound of the process; the session is the one with the most bytes. */
        PROCESS
    }

    /** The session whose account it is. */
    public interface Owner {

        /** A bound is exceeded: the session must end. Called at most once, without locks held. */
        void onOverrun(Overrun overrun);
    }

    /** The bytes of one part, and their bound. */
    private record Counter(AtomicLong bytes, long limit) {}

    private enum Phase {
        OPEN,
        OVERRUN,
        ENDING
    }

    private static final Part[] PARTS = Part.values();

    /** The value of a part after {@link #close}, and of the total after {@link #onSessionEnded}. */
    private static final long CLOSED = Long.MIN_VALUE;

    private final ProcessAccount process;
    private final Owner owner;
    private final long limit;
    private final Map<Part, Counter> counters = new EnumMap<>(Part.class);
    private final AtomicLong total = new AtomicLong();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPEN);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean releaseRequested;

    /**
     * An account without bytes; {@link ProcessAccount#open} makes it.
     *
     * @param limit of all parts together, in bytes
     * @param partLimits of single parts, in bytes
     */
    SessionAccount(ProcessAccount process, Owner owner, long limit, Map<Part, Long> partLimits) {
        this.process = process;
        this.owner = owner;
        this.limit = limit;
        for (Part part : PARTS) {
            counters.put(part, new Counter(new AtomicLong(), partLimits.getOrDefault(part, Long.MAX_VALUE)));
        }
    }

    /**
     * Counts bytes that are allocated. What is refused must not be kept.
     *
     * @param bytes zero or more
     * @return whether they are counted; {@code false} when a bound is exceeded already, or the account is closed
     */
    public boolean add(Part part, long bytes) {
        if (phase.get() == Phase.OVERRUN || !change(part, bytes)) {
            return false;
        }
        check(part);
        return true;
    }

    /**
     * Counts bytes that are freed.
     *
     * @param bytes zero or more; no more than were added
     * @throws IllegalStateException when more is subtracted than was added
     */
    public void subtract(Part part, long bytes) {
        change(part, -bytes);
    }

    /**
     * Sets the size of a part. It is counted even when a bound is exceeded, because the bytes are allocated already.
     *
     * @param bytes the new size of the part
     */
    public void set(Part part, long bytes) {
        AtomicLong counted = counter(part).bytes();
        long before;
        do {
            before = counted.get();
            if (before == CLOSED) {
                return;
            }
        } while (!counted.compareAndSet(before, bytes));
        spread(bytes - before);
        check(part);
    }

    /** Bytes of one part. */
    public long of(Part part) {
        return Math.max(0, counter(part).bytes().get());
    }

    /** Bytes of all parts. */
    public long total() {
        long sum = total.get();
        if (sum != CLOSED) {
            return sum;
        }
        sum = 0;
        for (Part part : PARTS) {
            sum += of(part);
        }
        return sum;
    }

    /** Whether a bound is exceeded and the session must end. */
    public boolean exceeded() {
        return phase.get() == Phase.OVERRUN;
    }

    /** All parts become and remain zero. A second call does nothing. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        onSessionEnded();
        long freed = 0;
        for (Part part : PARTS) {
            freed += counter(part).bytes().getAndSet(CLOSED);
        }
        process.changeHeld(-freed);
        process.onClosed(this);
    }

    // ---- for the session and the process -------------------------------------------------------------------------

    /** The session has ended and frees its bytes. Its last messages are counted and not refused. */
    public void onSessionEnded() {
        phase.set(Phase.ENDING);
        long charged = total.getAndSet(CLOSED);
        if (charged != CLOSED) {
            process.changeCharged(-charged);
        }
    }

    /** Bytes that count against the bound of the process: none once the session must end or has ended. */
    long charged() {
        return phase.get() == Phase.OPEN ? Math.max(0, total.get()) : 0;
    }

    /** Whether the session has ended. */
    boolean ending() {
        return phase.get() == Phase.ENDING;
    }

    /** The bound of the process is exceeded, and this session has the most bytes: ends it, unless it ends already. */
    void relieve() {
        if (phase.compareAndSet(Phase.OPEN, Phase.OVERRUN)) {
            owner.onOverrun(new Overrun(Bound.PROCESS, largest()));
        }
    }

    /** Asks this ended session to free its bytes now. */
    void requestRelease() {
        releaseRequested = true;
    }

    /** Whether an ended session must free its bytes now, even if its last messages are lost. */
    public boolean releaseRequested() {
        return releaseRequested;
    }

    private void check(Part part) {
        if (of(part) > counter(part).limit()) {
            report(Bound.PART, part);
        } else if (total.get() > limit) {
            report(Bound.SESSION, part);
        }
        process.check();
    }

    private void report(Bound bound, Part part) {
        if (phase.compareAndSet(Phase.OPEN, Phase.OVERRUN)) {
            Overrun overrun = new Overrun(bound, bound == Bound.PART ? part : largest());
            Thread.ofVirtual().name("livebridge-overrun").start(() -> owner.onOverrun(overrun));
        }
    }

    private Part largest() {
        Part largest = PARTS[0];
        for (Part part : PARTS) {
            if (of(part) > of(largest)) {
                largest = part;
            }
        }
        return largest;
    }

    private Counter counter(Part part) {
        return Objects.requireNonNull(counters.get(part));
    }

    private boolean change(Part part, long delta) {
        AtomicLong counted = counter(part).bytes();
        long before;
        do {
            before = counted.get();
            if (before == CLOSED) {
                return false;
            }
            if (before + delta < 0) {
                throw new IllegalStateException(
                        part + " holds " + before + " bytes, of which " + -delta + " can't be given back");
            }
        } while (!counted.compareAndSet(before, before + delta));
        spread(delta);
        return true;
    }

    /** Applies the change of a part to the total and to the process. */
    private void spread(long delta) {
        process.changeHeld(delta);
        long before;
        do {
            before = total.get();
            if (before == CLOSED) {
                return;
            }
        } while (!total.compareAndSet(before, before + delta));
        process.changeCharged(delta);
    }
}
