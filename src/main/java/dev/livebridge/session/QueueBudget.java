package dev.livebridge.session;

import java.util.concurrent.atomic.AtomicLong;

/** What all queues of the process hold together, in bytes. The heap is protected here, not in any single queue. */
final class QueueBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /**
     * An unused budget.
     *
     * @param limit in bytes
     */
    QueueBudget(long limit) {
        this.limit = limit;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    void subtract(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Bytes in all queues. */
    long used() {
        return used.get();
    }

    /** Whether some session has to go. */
    boolean exceeded() {
        return used.get() > limit;
    }
}
