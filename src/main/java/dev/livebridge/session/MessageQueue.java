package dev.livebridge.session;

import dev.livebridge.message.MessageKind;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way to one socket, in order, bounded in bytes.
 *
 * <p>Any thread may offer, and never blocks. One thread, the pump, takes, and parks while there is nothing. What
 * happens at the bound is the caller's rule: {@link #makeRoom} gives up the oldest media, {@link #bytes} tells the
 * weight.
 *
 * @param <M> what is queued
 */
final class MessageQueue<M> {

    /**
     * A queued message.
     *
     * @param message what waits
     * @param kind decides whether it may be dropped
     * @param bytes its weight
     * @param receivedNanos when the frame that carried it arrived
     * @param queuedNanos when it came here
     */
    record Entry<M>(M message, MessageKind kind, int bytes, long receivedNanos, long queuedNanos) {}

    private final QueueBudget budget;
    private final ArrayDeque<Entry<M>> entries = new ArrayDeque<>(4);
    private long bytes;
    private boolean closed;
    private @Nullable Thread parked;

    /**
     * An empty, open queue.
     *
     * @param budget what all queues of the process together may hold
     */
    MessageQueue(QueueBudget budget) {
        this.budget = budget;
    }

    /**
     * Appends a message and wakes the pump.
     *
     * @return whether it was taken; {@code false} once the queue is closed
     */
    boolean offer(Entry<M> entry) {
        return offer(entry, false);
    }

    /** As {@link #offer}, but the message is taken before those that wait already. */
    boolean offerNext(Entry<M> entry) {
        return offer(entry, true);
    }

    private boolean offer(Entry<M> entry, boolean next) {
        Thread sleeper;
        synchronized (this) {
            if (closed) {
                return false;
            }
            if (next) {
                entries.addFirst(entry);
            } else {
                entries.addLast(entry);
            }
            bytes += entry.bytes();
            sleeper = parked;
            parked = null;
        }
        budget.add(entry.bytes());
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return true;
    }

    /**
     * Waits for the next message.
     *
     * @return the message, or {@code null} when the queue is closed and empty
     */
    @Nullable
    Entry<M> take() {
        return take(() -> false);
    }

    /**
     * Waits for the next message, or until called away. Whoever calls the pump away makes the answer {@code true} and
     * then unparks its thread.
     *
     * @return the message, or {@code null} when the queue is closed and empty, or the pump was called away
     */
    @Nullable
    Entry<M> take(BooleanSupplier calledAway) {
        while (true) {
            Entry<M> entry;
            synchronized (this) {
                if (calledAway.getAsBoolean()) {
                    return null;
                }
                entry = entries.pollFirst();
                if (entry == null) {
                    if (closed) {
                        return null;
                    }
                    parked = Thread.currentThread();
                } else {
                    bytes -= entry.bytes();
                }
            }
            if (entry != null) {
                budget.subtract(entry.bytes());
                return entry;
            }
            LockSupport.park(this);
        }
    }

    /**
     * Gives up the oldest media until {@code incoming} more bytes fit under {@code limit}, or no media is left. What is
     * about to come is never given up for what is there.
     *
     * @param dropped told each message that went
     */
    void makeRoom(int incoming, long limit, Consumer<Entry<M>> dropped) {
        int freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> oldest = entries.iterator();
            while (bytes + incoming > limit && oldest.hasNext()) {
                Entry<M> entry = oldest.next();
                if (entry.kind().isMedia()) {
                    oldest.remove();
                    bytes -= entry.bytes();
                    freed += entry.bytes();
                    dropped.accept(entry);
                }
            }
        }
        budget.subtract(freed);
    }

    /**
     * Gives up all media that waits.
     *
     * @param dropped told each message that went
     */
    void dropMedia(Consumer<Entry<M>> dropped) {
        makeRoom(0, -1, dropped);
    }

    /**
     * Gives up everything that is not worth keeping.
     *
     * @param dropped told each message that went
     */
    void keepOnly(Predicate<M> worth, Consumer<Entry<M>> dropped) {
        int freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> oldest = entries.iterator();
            while (oldest.hasNext()) {
                Entry<M> entry = oldest.next();
                if (!worth.test(entry.message())) {
                    oldest.remove();
                    bytes -= entry.bytes();
                    freed += entry.bytes();
                    dropped.accept(entry);
                }
            }
        }
        budget.subtract(freed);
    }

    /**
     * Gives up media that has waited too long.
     *
     * @param tooOld which
     * @param dropped told each message that went
     */
    void dropStale(Predicate<Entry<M>> tooOld, Consumer<Entry<M>> dropped) {
        int freed = 0;
        synchronized (this) {
            Iterator<Entry<M>> all = entries.iterator();
            while (all.hasNext()) {
                Entry<M> entry = all.next();
                if (entry.kind().isMedia() && tooOld.test(entry)) {
                    all.remove();
                    bytes -= entry.bytes();
                    freed += entry.bytes();
                    dropped.accept(entry);
                }
            }
        }
        budget.subtract(freed);
    }

    /** Bytes that wait. */
    synchronized long bytes() {
        return bytes;
    }

    /** Accepts nothing more; what waits can still be taken. */
    void close() {
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

    /** Accepts nothing more and gives up everything that waits. */
    void discard() {
        long freed;
        synchronized (this) {
            entries.clear();
            freed = bytes;
            bytes = 0;
        }
        budget.subtract(freed);
        close();
    }
}
