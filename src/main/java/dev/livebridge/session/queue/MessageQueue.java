package dev.livebridge.session.queue;

import dev.livebridge.message.MessageKind;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.Weight;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one socket, in order, bounded in bytes.
 *
 * <p>Any thread may offer, and never blocks. One thread, the writer, takes, and parks while the queue is empty; while
 * it is parked, it may lend its role to an event loop ({@link LoopWriter}). The caller enforces the bound:
 * {@link #makeRoom} drops the oldest media, {@link #bytes} returns the weight.
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
    /** The writer's thread while it is parked, or the event loop has its role. */
    private @Nullable Thread parked;

    /** Gets the role of the thread that is parked; {@code null} when the thread is to be woken. */
    private @Nullable LoopWriter<M> loopWriter;

    /** Whether the event loop has the role of the writer. */
    private boolean lent;

    /** Whether the thread asks for its role. */
    private boolean recalled;

    /** Whether the event loop has returned the role to the thread, which has not noticed yet. */
    private boolean returned;

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
        LoopWriter<M> loop = null;
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
                if (parked != null && !lent) {
                    loop = loopWriter;
                    if (loop == null) {
                        sleeper = parked;
                        parked = null;
                    } else {
                        lent = true;
                    }
                }
            }
        }
        if (!taken) {
            account.subtract(part, entry.weight());
        }
        if (loop != null) {
            lend(loop);
        } else if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return taken;
    }

    private void lend(LoopWriter<M> loop) {
        try {
            loop.schedule();
        } catch (RejectedExecutionException _) {
            // The event loop has ended: the thread writes what waits.
            returnFromLoop();
        }
    }

    /** The event loop, if it has the role of the writer, returns it to the thread. */
    void returnFromLoop() {
        Thread sleeper = null;
        synchronized (this) {
            if (lent) {
                sleeper = returnRole();
            }
        }
        LockSupport.unpark(sleeper);
    }

    /** The thread is the writer again, and must be unparked. Called with the lock. */
    private @Nullable Thread returnRole() {
        Thread sleeper = parked;
        lent = false;
        recalled = false;
        returned = true;
        parked = null;
        loopWriter = null;
        return sleeper;
    }

    /**
     * The next message for the event loop that has the role of the writer.
     *
     * @return the message; {@code null} when the event loop has no longer the role
     */
    @Nullable
    Entry<M> takeOnLoop(LoopWriter<M> loop) {
        Entry<M> entry;
        Thread sleeper = null;
        synchronized (this) {
            entry = entries.peekFirst();
            boolean keeps = !recalled && loop.mayContinue() && (entry == null ? !closed : loop.mayWrite(entry));
            if (!keeps) {
                entry = null;
                sleeper = returnRole();
            } else if (entry == null) {
                lent = false;
            } else {
                entries.removeFirst();
                bytes -= entry.weight();
            }
        }
        if (entry != null) {
            account.subtract(part, entry.weight());
        } else if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
        return entry;
    }

    /**
     * Waits for the next message, or until {@code stop} returns {@code true}. A thread that changes the answer of
     * {@code stop} unparks the writer afterwards.
     *
     * @return the message, or {@code null} when the queue is closed and empty, or {@code stop} returned {@code true}
     */
    @Nullable
    public Entry<M> take(BooleanSupplier stop) {
        return take(stop, null);
    }

    /**
     * As {@link #take(BooleanSupplier)}, but while the thread waits, an event loop writes the messages.
     *
     * @param loop writes them; {@code null} when each message wakes the thread
     * @return the message; {@code null} when the queue is closed and empty, {@code stop} returned {@code true}, or the
     *     event loop has returned the role, because it may not write the next message
     */
    @Nullable
    public Entry<M> take(BooleanSupplier stop, @Nullable LoopWriter<M> loop) {
        boolean interrupted = false;
        try {
            while (true) {
                Entry<M> entry = null;
                synchronized (this) {
                    if (lent) {
                        recalled = true;
                    } else {
                        parked = null;
                        loopWriter = null;
                        if (returned || stop.getAsBoolean()) {
                            returned = false;
                            return null;
                        }
                        entry = entries.pollFirst();
                        if (entry != null) {
                            bytes -= entry.weight();
                        } else if (closed) {
                            return null;
                        } else {
                            parked = Thread.currentThread();
                            loopWriter = loop;
                        }
                    }
                }
                if (entry != null) {
                    account.subtract(part, entry.weight());
                    return entry;
                }
                LockSupport.park(this);
                // An interrupted thread does not park; the caller sees the interrupt afterwards.
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the queue is closed and empty. */
    public synchronized boolean isFinished() {
        return closed && entries.isEmpty();
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
            if (lent) {
                recalled = true;
            } else {
                parked = null;
                loopWriter = null;
            }
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
