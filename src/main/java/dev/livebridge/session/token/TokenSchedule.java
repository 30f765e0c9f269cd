package dev.livebridge.session.token;

import java.time.Duration;

/**
 * When a conversation's client gets its next resume token, and which of them are retired. Safe to use from any thread.
 *
 * <p>A new one is worth its bytes when something changed that a client would miss, but not more often than once a
 * second, and before the one the client holds gets old.
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
     * Nothing was issued yet.
     *
     * @param lifetime of a token; a new one comes after two thirds of it
     */
    TokenSchedule(Duration lifetime) {
        maxIntervalNanos = lifetime.toNanos() / 3 * 2;
    }

    /** The conversation goes on from a token that another session issued. */
    synchronized void onResume(long sequence) {
        issued = sequence;
        markUsed(sequence);
    }

    /** The instance that let go of the conversation had sealed more; the client has not seen them. */
    public synchronized void issuedElsewhere(long sequence) {
        issued = Math.max(issued, sequence);
    }

    /** Something happened that the client's token does not know. */
    public synchronized void onChange() {
        changed = true;
    }

    /** Whether the client should get a new token now. */
    synchronized boolean due(long nowNanos) {
        long age = nowNanos - offeredNanos;
        return !offered || age >= maxIntervalNanos || (changed && age >= MIN_INTERVAL_NANOS);
    }

    /** The next token's number; the token knows everything that has happened. */
    synchronized long next(long nowNanos) {
        changed = false;
        offered = true;
        offeredNanos = nowNanos;
        return ++issued;
    }

    /**
     * A token is used, which retires all before it. The same one may come again until its client has received a newer
     * one: the answer may have been lost.
     *
     * @return whether it is still good
     */
    public synchronized boolean use(long sequence) {
        if (!isGood(sequence)) {
            return false;
        }
        markUsed(sequence);
        // The client that is back holds an old token.
        offered = false;
        return true;
    }

    private void markUsed(long sequence) {
        used = sequence;
        uses++;
        confirmed = false;
    }

    /** Whether a token could be used now. */
    public synchronized boolean isGood(long sequence) {
        return sequence > used || (sequence == used && !confirmed);
    }

    /** The number of the use whose client has not yet received a newer token; 0 when there is none. */
    public synchronized int unconfirmedUse() {
        return confirmed ? 0 : uses;
    }

    /**
     * A client has received a newer token over the connection of its use, which retires the token it came with.
     *
     * @param use from {@link #unconfirmedUse}; ignored when a later use has come
     */
    public synchronized void confirm(int use) {
        if (use == uses) {
            confirmed = true;
        }
    }

    /** Whether the newest token that was used can't be used again. */
    public synchronized boolean isConfirmed() {
        return confirmed;
    }

    /** Whether a token is newer than any issued here: another instance has gone on with the conversation. */
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
