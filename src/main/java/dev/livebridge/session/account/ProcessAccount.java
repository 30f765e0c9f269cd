package dev.livebridge.session.account;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The bytes that all sessions of the process make it keep together, and their bound. The heap and the direct memory are
 * protected here.
 *
 * <p><b>Relief.</b> When the bound is exceeded, the session that holds most ends, then the next, until the rest fits.
 * What ended sessions still hold is being freed and counts as freed when it is decided whether another one has to end;
 * instead they are asked to let go of it at once. One relief runs at a time, on a thread of its own.
 */
public final class ProcessAccount {

    /** An ended session that holds less may take its time to say its last words. */
    private static final long SMALL_SESSION_BYTES = 64 * 1024;

    /** A relief waits so often, for so long, until ended sessions have freed what they hold. */
    private static final int MAX_WAITS = 50;

    private static final long WAIT_NANOS = 10_000_000;

    private final long limit;
    private final Set<SessionAccount> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong charged = new AtomicLong();
    private final AtomicBoolean relieving = new AtomicBoolean();

    /**
     * An account without sessions.
     *
     * @param limit of all sessions together, in bytes
     */
    public ProcessAccount(long limit) {
        this.limit = limit;
    }

    /**
     * Opens an account for a session.
     *
     * @param owner told when it has to end
     * @param most bytes of the session
     * @param mostOfParts bytes of single parts
     */
    public SessionAccount open(SessionAccount.Owner owner, long most, Map<SessionAccount.Part, Long> mostOfParts) {
        SessionAccount account = new SessionAccount(this, owner, most, mostOfParts);
        open.add(account);
        return account;
    }

    /** Most bytes of all sessions. */
    public long limit() {
        return limit;
    }

    /** Bytes of all sessions, including what ended ones still hold. */
    public long used() {
        return held.get();
    }

    /** Bytes of all sessions that have not ended. */
    long charged() {
        return charged.get();
    }

    /** Bytes of one part, over all sessions. */
    public long of(SessionAccount.Part part) {
        return open.stream().mapToLong(account -> account.of(part)).sum();
    }

    // ---- for the sessions' accounts ------------------------------------------------------------------------------

    void changeHeld(long delta) {
        held.addAndGet(delta);
    }

    void changeCharged(long delta) {
        charged.addAndGet(delta);
    }

    void onClosed(SessionAccount account) {
        open.remove(account);
    }

    /** Starts a relief if the bound is exceeded and none runs. */
    void check() {
        if (held.get() > limit && relieving.compareAndSet(false, true)) {
            Thread.ofVirtual().name("livebridge-relief").start(this::relieve);
        }
    }

    private void relieve() {
        try {
            for (int waits = 0; held.get() > limit && waits < MAX_WAITS; waits++) {
                open.stream()
                        .filter(account -> account.ending() && account.total() > SMALL_SESSION_BYTES)
                        .forEach(SessionAccount::requestRelease);
                while (chargedNow() > limit) {
                    heaviest().ifPresent(SessionAccount::relieve);
                }
                LockSupport.parkNanos(this, WAIT_NANOS);
            }
        } finally {
            relieving.set(false);
        }
        if (chargedNow() > limit) {
            check();
        }
    }

    /** Exact at one moment for what does not change, unlike {@link #charged}: a session that has to end is left out. */
    private long chargedNow() {
        return open.stream().mapToLong(SessionAccount::charged).sum();
    }

    private Optional<SessionAccount> heaviest() {
        return open.stream()
                .filter(account -> account.charged() > 0)
                .max(Comparator.comparingLong(SessionAccount::charged));
    }
}
