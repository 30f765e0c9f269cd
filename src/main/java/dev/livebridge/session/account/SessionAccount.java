package dev.livebridge.session.account;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The bytes that one session makes the process keep, by part. Every kind of memory that a peer can cause is counted
 * here, at the moment at which it is kept, by the code that keeps it.
 *
 * <p><b>Bounds.</b> Each change is also a change of the {@link ProcessAccount}. The account itself compares its parts
 * and its total with their bounds on every addition; a caller has nothing to check. The first addition that exceeds a
 * bound is counted and reported to the session, once; the session then ends. Additions after it are refused, so that
 * the excess is one addition per thread at most.
 *
 * <p><b>End.</b> After {@link #onSessionEnded} the bytes count as memory that is being freed: they remain in the parts,
 * but the process ends no other session because of them. After {@link #close} all parts are zero for ever.
 *
 * <p>Safe to use from any thread, also while locks are held: nothing here blocks, and the report comes on a thread of
 * its own. A change costs three or four atomic operations.
 */
public final class SessionAccount {

    /** What bytes are kept for. */
    public enum Part {
        /** Frames received and not yet decoded, including unfinished messages. */
        INBOUND,
        /** The client's setup and what is derived from it, as often as it is kept. */
        SETUP,
        /** Notices about changes to the setup. */
        NOTICES,
        /** Messages that wait for the model or are being written to it. */
        QUEUE_UP,
        /** Messages that wait for the client, including all that the gateway itself says. */
        QUEUE_DOWN,
        /** What of the conversation outlives a connection: transcript, unanswered text, open calls, handle. */
        MEMORY,
        /** Bytes written to the client's socket that its peer has not taken, including answers to pings. */
        OUTBOUND;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As in metrics. */
        public String label() {
            return label;
        }
    }

    /**
     * A bound is exceeded.
     *
     * @param bound which
     * @param part the part whose bound it is; for the other bounds, the session's largest part
     */
    public record Overrun(Bound bound, Part part) {}

    /** What can be exceeded. */
    public enum Bound {
        /** The bound of one part. */
        PART,
        /** The bound of the session. */
        SESSION,
        /** The bound of the process; the session is the one that holds most. */
        PROCESS
    }

    /** The session whose account it is. */
    public interface Owner {

        /** A bound is exceeded: the session has to end. Called once at most, with no locks held. */
        void onOverrun(Overrun overrun);
    }

    /** One part's bytes, and how many there may be. */
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
     * Bytes are kept from now on. What is refused must not be kept.
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
     * Bytes are no longer kept.
     *
     * @param bytes zero or more; no more than were added
     * @throws IllegalStateException when more is taken away than there is
     */
    public void subtract(Part part, long bytes) {
        change(part, -bytes);
    }

    /**
     * A part whose owner knows its whole size. It is counted even when a bound is exceeded, because it is kept already.
     *
     * @param bytes all that the part holds from now on
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

    /** Whether a bound is exceeded and the session has to end. */
    public boolean exceeded() {
        return phase.get() == Phase.OVERRUN;
    }

    /** Nothing is kept any more: all parts are zero, and remain so. A second call does nothing. */
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

    /** The session has ended and frees what it holds. What it still says is counted and not refused. */
    public void onSessionEnded() {
        phase.set(Phase.ENDING);
        long charged = total.getAndSet(CLOSED);
        if (charged != CLOSED) {
            process.changeCharged(-charged);
        }
    }

    /** Bytes that count against the process's bound: none once the session has to end or has ended. */
    long charged() {
        return phase.get() == Phase.OPEN ? Math.max(0, total.get()) : 0;
    }

    /** Whether the session has ended. */
    boolean ending() {
        return phase.get() == Phase.ENDING;
    }

    /** The process is short of memory, and this session holds most of it. Ends it, if nothing else has. */
    void relieve() {
        if (phase.compareAndSet(Phase.OPEN, Phase.OVERRUN)) {
            owner.onOverrun(new Overrun(Bound.PROCESS, largest()));
        }
    }

    /** The process needs the memory of this ended session now. */
    void requestRelease() {
        releaseRequested = true;
    }

    /** Whether an ended session has to let go of what it still holds, even if it loses its last words. */
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

    /** What a part has gained or lost is a change of the total, as long as there is one, and of the process. */
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
