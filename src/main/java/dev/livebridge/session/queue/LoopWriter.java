package dev.livebridge.session.queue;

import dev.livebridge.session.queue.MessageQueue.Entry;
import java.util.concurrent.Executor;

/**
 * Writes the messages of a queue on the event loop of a socket, while the thread that takes from the queue is parked.
 *
 * <p>Waking a thread for each message costs more than the write of the message. The event loop therefore writes as long
 * as there is nothing to wait for, and the thread is woken where the event loop would have to wait. The queue lends the
 * role of the writer to one of the two at a time, so a socket has one writer.
 *
 * @param <M> what is queued
 */
public final class LoopWriter<M> implements Runnable {

    /** Bytes; to encode a larger message would hold up the other sockets of the event loop. */
    static final int MAX_MESSAGE_BYTES = 128 * 1024;

    private final MessageQueue<M> queue;
    private final Executor eventLoop;
    private final Writes<M> writes;

    /**
     * The writes of one socket. Its methods must not block.
     *
     * @param <M> what is queued
     */
    public interface Writes<M> {

        /**
         * Whether the event loop can write on without waiting. Otherwise the thread is woken, also when no message
         * waits, and waits itself. Called with the lock of the queue.
         */
        boolean mayContinue();

        /**
         * Whether the event loop may write this message. Otherwise the thread is woken and takes it. Called with the
         * lock of the queue.
         *
         * @param next the first message of the queue
         */
        boolean mayWrite(Entry<M> next);

        /** Writes a message that was taken from the queue. Throws nothing. */
        void write(Entry<M> entry);
    }

    /**
     * A writer that has not begun; {@link MessageQueue#take(java.util.function.BooleanSupplier, LoopWriter)} uses it.
     *
     * @param eventLoop of the socket
     */
    public LoopWriter(MessageQueue<M> queue, Executor eventLoop, Writes<M> writes) {
        this.queue = queue;
        this.eventLoop = eventLoop;
        this.writes = writes;
    }

    /** Schedules {@link #run} on the event loop. */
    void schedule() {
        eventLoop.execute(this);
    }

    boolean mayContinue() {
        return writes.mayContinue();
    }

    boolean mayWrite(Entry<M> next) {
        return next.bytes() <= MAX_MESSAGE_BYTES && writes.mayWrite(next);
    }

    /** Writes what waits. Called on the event loop. */
    @Override
    public void run() {
        boolean finished = false;
        try {
            Entry<M> entry;
            while ((entry = queue.takeOnLoop(this)) != null) {
                writes.write(entry);
            }
            finished = true;
        } finally {
            if (!finished) {
                // After an error the thread is the writer again, so that the session can end.
                queue.returnFromLoop();
            }
        }
    }
}
