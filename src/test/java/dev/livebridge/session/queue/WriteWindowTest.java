package dev.livebridge.session.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pump that writes, and a socket that finishes the writes on another thread. */
@Timeout(60)
class WriteWindowTest {

    private static final int LIMIT = 1_000;
    private static final int MESSAGE = 100;
    private static final int WRITES = 20_000;

    /** As many lost wake-ups last longer than the time-out. */
    private static final int AWAITED_WRITES = 1_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 50);
    private final AtomicLong outstanding = new AtomicLong();
    private final BlockingQueue<Integer> socket = new ArrayBlockingQueue<>(WRITES);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void aPumpNeverHasMoreOutstandingThanTheWindowAndOneMessage() throws Exception {
        Future<Long> most = threads.submit(() -> {
            WriteWindow window = new WriteWindow(Thread.currentThread(), LIMIT, clock::get);
            Future<?> writer = finishWrites(window);
            long seen = 0;
            for (int i = 0; i < WRITES; i++) {
                window.await(() -> false);
                seen = Math.max(seen, outstanding.get());
                write(window);
            }
            window.awaitEmpty(() -> false);
            assertEquals(0, outstanding.get(), "everything is written");
            writer.get();
            return seen;
        });

        assertTrue(most.get() <= LIMIT, most.get() + " bytes");
    }

    /** Each write comes to its end while the pump sleeps; a wake-up that is lost costs a tenth of a second. */
    @Test
    void aPumpThatSleepsIsWokenByEachWrite() throws Exception {
        threads.submit(() -> {
                    Thread pump = Thread.currentThread();
                    WriteWindow window = new WriteWindow(pump, LIMIT, clock::get);
                    Future<?> writer = threads.submit(() -> {
                        for (int i = 0; i < AWAITED_WRITES; i++) {
                            int bytes = socket.take();
                            while (pump.getState() != Thread.State.TIMED_WAITING) {
                                if (Thread.interrupted()) {
                                    throw new InterruptedException("the pump does not sleep");
                                }
                                Thread.onSpinWait();
                            }
                            outstanding.addAndGet(-bytes);
                            window.onWriteFinished(bytes);
                        }
                        return null;
                    });
                    for (int i = 0; i < AWAITED_WRITES; i++) {
                        write(window);
                        window.awaitEmpty(() -> false);
                        assertEquals(0, outstanding.get());
                    }
                    return writer.get();
                })
                .get();
    }

    @Test
    void aPumpThatIsStuckIsSeenToBeUntilAWriteComesToItsEnd() throws Exception {
        AtomicBoolean abandoned = new AtomicBoolean();
        WriteWindow[] shared = new WriteWindow[1];
        Future<?> pump = threads.submit(() -> {
            WriteWindow window = new WriteWindow(Thread.currentThread(), LIMIT, clock::get);
            assertEquals(0, window.stuckNanos(clock.get() + 1_000), "it does not wait");
            window.onWriteStarted(LIMIT + 2 * MESSAGE);
            synchronized (shared) {
                shared[0] = window;
            }
            window.await(abandoned::get);
        });
        Awaitility.await().until(() -> {
            synchronized (shared) {
                return shared[0] != null && shared[0].stuckNanos(clock.get() + 1) == 1;
            }
        });

        clock.addAndGet(100);
        assertEquals(100, shared[0].stuckNanos(clock.get()));
        shared[0].onWriteFinished(MESSAGE);
        assertEquals(0, shared[0].stuckNanos(clock.get()), "a write came to its end, though the window is still full");
        clock.addAndGet(100);
        assertEquals(100, shared[0].stuckNanos(clock.get()));

        abandoned.set(true);
        pump.get();
        assertEquals(0, shared[0].stuckNanos(clock.get()), "it no longer waits");
    }

    private void write(WriteWindow window) {
        outstanding.addAndGet(MESSAGE);
        window.onWriteStarted(MESSAGE);
        socket.add(MESSAGE);
    }

    private Future<?> finishWrites(WriteWindow window) {
        return threads.submit(() -> {
            for (int i = 0; i < WRITES; i++) {
                int bytes = socket.take();
                // First: what the test counts is never more than what the window counts.
                outstanding.addAndGet(-bytes);
                window.onWriteFinished(bytes);
            }
            return null;
        });
    }
}
