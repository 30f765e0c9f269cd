package dev.livebridge.session.queue;

import dev.livebridge.message.MessageKind;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one socket, in order, bounded in bytes.
 *
 * <p>Any thread may offer, and never blocks. One thread, the writer, takes, and parks while the queue is empty. The
 * caller enforces the bound: {@link #makeRoom} drops the oldest media, {@link #bytes} returns the weight.
 *
 * @param <M> what is queued
 */
public final class MessageQueue<M> {

    /**
     * A queued message.
     *
     * @param message what waits
     * @param kind only media may be dropped
     * @param bytes of the payload
     * @param weight bytes of memory, see {@link Weight}
     * @param receivedNanos when the frame that carried it arrived
     * @param queuedNanos when it was queued
     */
    public record Entry<M>(M message, MessageKind kind, int bytes, long weight, long receivedNanos, long queuedNanos) {}

    private final SessionAccount account;
    private final SessionAccount.Part part;
    private final ArrayDeque<Entry<M>> entries = new ArrayDeque<>(4);
    private long bytes;
    private boolean closed;
    private @Nullable Thread parked;

    /**
     * An empty, open queue.
     *
     * @param account of the session; counts what waits
     * @param part of the account
     */
    public MessageQueue(SessionAccount account, SessionAccount.Part part) {
        this.account = account;
        this.part = part;
    }

    /**
     * Appends a message and wakes the writer.
     *
     * @return whether it was taken; {@code false} once the queue is closed, or a memory bound of the session is
     *     exceeded
     */
    public boolean offer(Entry<M> entry) {
        return offer(entry, false);
    }

    /** As {@link #offer}, but the message is taken first. */
    public boolean offerNext(Entry<M> entry) {
        return offer(entry, true);
    }

    private boolean offer(Entry<M> entry, boolean next) {
        // Before the message can be taken, which subtracts the bytes again.
        if (!account.add(part, entry.weight())) {
            return false;
        }
        Thread sleeper = null;
        boolean taken;
        synchronized (this) {
            taken = !closed;
            if (taken) {
                if (next) {
                    entries.addFirst(entry);
                } else {
                    entries.addLast(entry);
                }
                bytes += entry.weight();
                sleeper = parked;
                parked = null;
            }
        }
        if (!taken) {
            account.subtract(part, entry.weight());
        }
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return taken;
    }

    /**
     * Waits for the next message, or until {@code stop} returns {@code true}. A thread that changes the answer of
     * {@code stop} unparks the writer afterwards.
     *
     * @return the message, or {@code null} when the queue is closed and empty, or {@code stop} returned {@code true}
     */
    @Nullable
    public Entry<M> take(BooleanSupplier stop) {
        while (true) {
            Entry<M> entry;
            synchronized (this) {
                if (stop.getAsBoolean()) {
                    return null;
                }
                entry = entries.pollFirst();
                if (entry == null) {
                    if (closed) {
                        return null;
                    }
                    parked = Thread.currentThread();
                } else {
                    bytes -= entry.weight();
                }
            }
            if (entry != null) {
                account.subtract(part, entry.weight());
                return entry;
            }
            LockSupport.park(this);
        }
    }

    /**
     * Drops the oldest media until {@code incoming} more bytes fit under {@code limit}, or no media is left.
     *
     * @param dropped called with each dropped message
     */
    public void makeRoom(long incoming, long limit, Consumer<Entry<M>> dropped) {
        long freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> oldest = entries.iterator();
            while (bytes + incoming > limit && oldest.hasNext()) {
                Entry<M> entry = oldest.next();
                if (entry.kind().isMedia()) {
                    oldest.remove();
                    bytes -= entry.weight();
                    freed += entry.weight();
                    dropped.accept(entry);
                }
            }
        }
        account.subtract(part, freed);
    }

    /**
     * Drops all media that waits.
     *
     * @param dropped called with each dropped message
     */
    public void dropMedia(Consumer<Entry<M>> dropped) {
        makeRoom(0, -1, dropped);
    }

    /**
     * Drops all messages that do not match.
     *
     * @param dropped called with each dropped message
     */
    public void keepOnly(Predicate<M> worth, Consumer<Entry<M>> dropped) {
        long freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> oldest = entries.iterator();
            while (oldest.hasNext()) {
                Entry<M> entry = oldest.next();
                if (!worth.test(entry.message())) {
                    oldest.remove();
                    bytes -= entry.weight();
                    freed += entry.weight();
                    dropped.accept(entry);
                }
            }
        }
        account.subtract(part, freed);
    }

    /**
     * Drops media that has waited too long.
     *
     * @param tooOld which
     * @param dropped called with each dropped message
     */
    public void dropStale(Predicate<Entry<M>> tooOld, Consumer<Entry<M>> dropped) {
        long freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> all = entries.iterator();
            while (all.hasNext()) {
                Entry<M> entry = all.next();
                if (entry.kind().isMedia() && tooOld.test(entry)) {
                    all.remove();
                    bytes -= entry.weight();
                    freed += entry.weight();
                    dropped.accept(entry);
                }
            }
        }
        account.subtract(part, freed);
    }

    /** The weight of all messages that wait, in bytes of memory. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Refuses new messages; those that wait can still be taken. */
    public void close() {
        Thread sleeper;
        synchronized (this) {
            closed = true;
            sleeper = parked;
            parked = null;
        }
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /** Refuses new messages and drops those that wait. */
    public void discard() {
        long freed;
        synchronized (this) {
            entries.clear();
            freed = bytes;
            bytes = 0;
        }
        account.subtract(part, freed);
        close();
    }
}
