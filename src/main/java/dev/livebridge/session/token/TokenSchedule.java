package dev.livebridge.session.token;

import java.time.Duration;

/**
 * Decides when the client gets its next resume token, and which tokens are retired. Safe to use from any thread.
 *
 * <p>A new token is due when the conversation has changed, but at most once a second, and before the last one expires.
 */
public final class TokenSchedule {

    private static final long MIN_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final long maxIntervalNanos;
    private boolean changed = true;
    private boolean offered;
    private long offeredNanos;
    private long issued;
    private long used;
    private int uses;
    private boolean confirmed = true;

    /**
     * No token was issued.
     *
     * @param lifetime of a token; after two thirds of it a new one is due
     */
    TokenSchedule(Duration lifetime) {
        maxIntervalNanos = lifetime.toNanos() / 3 * 2;
    }

    /** The session continues from a token that another session issued. */
    synchronized void onResume(long sequence) {
        issued = sequence;
        markUsed(sequence);
    }

    /** The instance that released the session had sealed newer tokens, which the client has not received. */
    public synchronized void issuedElsewhere(long sequence) {
        issued = Math.max(issued, sequence);
    }

    /** The conversation has changed. */
    public synchronized void onChange() {
        changed = true;
    }

    /** Whether a token is due. */
    synchronized boolean due(long nowNanos) {
        long age = nowNanos - offeredNanos;
        return !offered || age >= maxIntervalNanos || (changed && age >= MIN_INTERVAL_NANOS);
    }

    /** Time until {@link #due}, unless the conversation changes before; not positive when one is due now. */
    public synchronized long dueInNanos(long nowNanos) {
        long interval = changed ? MIN_INTERVAL_NANOS : maxIntervalNanos;
        return offered ? interval - (nowNanos - offeredNanos) : 0;
    }

    /** The number of the token that is sealed now. */
    synchronized long next(long nowNanos) {
        changed = false;
        offered = true;
        offeredNanos = nowNanos;
        return ++issued;
    }

    /**
     * A token is used, which retires all before it. The same token may be used again until its client has received a
     * newer one, because the answer may have been lost.
     *
     * @return whether the token is valid
     */
    public synchronized boolean use(long sequence) {
        if (!isGood(sequence)) {
            return false;
        }
        markUsed(sequence);
        // The client has resumed with an old token: a new one is due.
        offered = false;
        return true;
    }

    private void markUsed(long sequence) {
        used = sequence;
        uses++;
        confirmed = false;
    }

    /** Whether a token is valid now. */
    public synchronized boolean isGood(long sequence) {
        return sequence > used || (sequence == used && !confirmed);
    }

    /** The number of the use whose client has not yet received a newer token; 0 when there is none. */
    public synchronized int unconfirmedUse() {
        return confirmed ? 0 : uses;
    }

    /**
     * The client has received a newer token over the socket with which it resumed, which retires the token it used.
     *
     * @param use from {@link #unconfirmedUse}; ignored after a later use
     */
    public synchronized void confirm(int use) {
        if (use == uses) {
            confirmed = true;
        }
    }

    /** Whether the newest used token is retired. */
    public synchronized boolean isConfirmed() {
        return confirmed;
    }

    /** Whether a token is newer than any issued here: the session has continued on another instance. */
    public synchronized boolean isNewerThanIssued(long sequence) {
        return sequence > issued;
    }

    /** The newest token's number, {@code 0} when there was none. */
    public synchronized long issued() {
        return issued;
    }

    /** The newest number that was used. */
    public synchronized long used() {
        return used;
    }
}
