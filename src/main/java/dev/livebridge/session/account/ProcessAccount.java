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
 * The memory of all sessions of the process, and its bound, which protects heap and direct memory.
 *
 * <p><b>Relief.</b> When the bound is exceeded, the session with the most bytes is ended, then the next, until the rest
 * fits. The bytes of ended sessions are being freed and do not count in this decision; these sessions are asked to free
 * them at once. One relief runs at a time, on its own thread.
 */
public final class ProcessAccount {

    /** An ended session with fewer bytes may write its remaining messages. */
    private static final long SMALL_SESSION_BYTES = 64 * 1024;

    /** How often, and how long each time, a relief waits until ended sessions have freed their bytes. */
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
     * @param owner called when the session must end
     * @param most the bound of the session, in bytes
     * @param mostOfParts the bounds of single parts, in bytes
     */
    public SessionAccount open(SessionAccount.Owner owner, long most, Map<SessionAccount.Part, Long> mostOfParts) {
        SessionAccount account = new SessionAccount(this, owner, most, mostOfParts);
        open.add(account);
        return account;
    }

    /** The bound, in bytes. */
    public long limit() {
        return limit;
    }

    /** Bytes of all sessions, including ended ones. */
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

    /** As {@link #charged}, summed up now, without sessions that must end. */
    private long chargedNow() {
        return open.stream().mapToLong(SessionAccount::charged).sum();
    }

    private Optional<SessionAccount> heaviest() {
        return open.stream()
                .filter(account -> account.charged() > 0)
                .max(Comparator.comparingLong(SessionAccount::charged));
    }
}
