package dev.livebridge.session.queue;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.MessageKind;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.queue.MessageQueue.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The role of the writer passes between the thread of a queue and an event loop; one of them has it at a time. */
@Timeout(60)
class LoopWriterTest {

    private static final int WEIGHT = 10;
    private static final int FILLS_THE_WINDOW = -1;
    private static final int FAILS = -2;

    private final SessionAccount account = new ProcessAccount(Long.MAX_VALUE).open(_ -> {}, Long.MAX_VALUE, Map.of());
    private final MessageQueue<Integer> queue = new MessageQueue<>(account, Part.QUEUE_UP);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Integer> onLoop = new CopyOnWriteArrayList<>();
    private final List<Integer> onThread = new CopyOnWriteArrayList<>();
    private final AtomicBoolean blocked = new AtomicBoolean();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean stop = new AtomicBoolean();
    private volatile Thread writer = Thread.currentThread();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private final class Writes implements LoopWriter.Writes<Integer> {

        @Override
        public boolean mayContinue() {
            return !full.get();
        }

        @Override
        public boolean mayWrite(Entry<Integer> next) {
            return !blocked.get();
        }

        @Override
        public void write(Entry<Integer> entry) {
            if (entry.message() == FAILS) {
                throw new AssertionError("a message that can't be encoded");
            }
            onLoop.add(entry.message());
            if (entry.message() == FILLS_THE_WINDOW) {
                full.set(true);
            }
        }
    }

    private static Entry<Integer> entry(int number) {
        return new Entry<>(number, MessageKind.TEXT, WEIGHT, WEIGHT, 0, 0);
    }

    /** The writer's thread; takes until the queue is closed or {@code stop} is set. */
    private Future<?> startWriter(Executor eventLoop) {
        LoopWriter<Integer> loop = new LoopWriter<>(queue, eventLoop, new Writes());
        Future<?> running = threads.submit(() -> {
            writer = Thread.currentThread();
            while (!stop.get() && !queue.isFinished()) {
                Entry<Integer> entry = queue.take(stop::get, loop);
                if (entry != null) {
                    onThread.add(entry.message());
                }
            }
        });
        await().until(() -> writer != Thread.currentThread() && writer.getState() == Thread.State.WAITING);
        return running;
    }

    private void runLoop() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    @Test
    void theEventLoopWritesWhileTheThreadIsParked() {
        var _ = startWriter(tasks::add);

        for (int number = 0; number < 5; number++) {
            assertTrue(queue.offer(entry(number)));
        }
        assertEquals(1, tasks.size(), "one task for all messages that wait");
        runLoop();
        assertTrue(queue.offer(entry(5)));
        runLoop();

        assertEquals(List.of(0, 1, 2, 3, 4, 5), onLoop);
        assertEquals(List.of(), onThread);
        assertEquals(Thread.State.WAITING, writer.getState());
        assertEquals(0, account.of(Part.QUEUE_UP));
    }

    @Test
    void theThreadTakesWhatTheEventLoopMayNotWrite() {
        var _ = startWriter(tasks::add);

        queue.offer(entry(0));
        runLoop();
        blocked.set(true);
        queue.offer(entry(1));
        queue.offer(entry(2));
        runLoop();
        await().until(() -> onThread.size() == 2 && writer.getState() == Thread.State.WAITING);
        blocked.set(false);
        queue.offer(entry(3));
        runLoop();

        assertEquals(List.of(0, 3), onLoop);
        assertEquals(List.of(1, 2), onThread);
        assertEquals(0, account.of(Part.QUEUE_UP));
    }

    /** The thread waits for room, so that a stalled socket is noticed while no message waits. */
    @Test
    void aFullWindowWakesTheThreadAlsoWhenNothingWaits() {
        AtomicInteger wakeUps = new AtomicInteger();
        LoopWriter<Integer> loop = new LoopWriter<>(queue, tasks::add, new Writes());
        var _ = threads.submit(() -> {
            writer = Thread.currentThread();
            while (!stop.get()) {
                assertNull(queue.take(stop::get, loop));
                wakeUps.incrementAndGet();
            }
        });
        await().until(() -> writer != Thread.currentThread() && writer.getState() == Thread.State.WAITING);

        queue.offer(entry(0));
        runLoop();
        assertEquals(0, wakeUps.get());
        queue.offer(entry(FILLS_THE_WINDOW));
        runLoop();

        await().until(() -> wakeUps.get() == 1);
        assertEquals(List.of(0, FILLS_THE_WINDOW), onLoop);
        stop.set(true);
        LockSupport.unpark(writer);
    }

    @Test
    void theThreadTakesALargeMessage() {
        var _ = startWriter(tasks::add);

        queue.offer(new Entry<>(1, MessageKind.TEXT, LoopWriter.MAX_MESSAGE_BYTES, WEIGHT, 0, 0));
        runLoop();
        queue.offer(new Entry<>(2, MessageKind.TEXT, LoopWriter.MAX_MESSAGE_BYTES + 1, WEIGHT, 0, 0));
        runLoop();

        await().until(() -> onThread.equals(List.of(2)));
        assertEquals(List.of(1), onLoop);
    }

    @Test
    void theThreadStopsOnlyAfterTheEventLoopHasReturnedTheRole() throws Exception {
        Future<?> running = startWriter(tasks::add);
        queue.offer(entry(0));

        stop.set(true);
        LockSupport.unpark(writer);
        await().until(() -> writer.getState() == Thread.State.WAITING);
        assertFalse(running.isDone(), "the event loop is about to write");
        runLoop();

        running.get();
        assertEquals(List.of(), onLoop, "the role was recalled before the event loop began");
        assertEquals(WEIGHT, queue.bytes(), "the message waits for the next writer");
    }

    @Test
    void anInterruptedThreadWaitsForTheRoleWithoutSpinningAndStaysInterrupted() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        LoopWriter<Integer> loop = new LoopWriter<>(queue, tasks::add, new Writes());
        Future<?> running = threads.submit(() -> {
            writer = Thread.currentThread();
            assertNull(queue.take(stop::get, loop));
            interrupted.set(Thread.interrupted());
        });
        await().until(() -> writer != Thread.currentThread() && writer.getState() == Thread.State.WAITING);
        queue.offer(entry(0));
        stop.set(true);

        writer.interrupt();
        await().until(() -> !writer.isInterrupted() && writer.getState() == Thread.State.WAITING);
        runLoop();

        running.get();
        assertTrue(interrupted.get());
    }

    @Test
    void aQueueThatIsClosedLetsTheEventLoopAndThenTheThreadFinish() throws Exception {
        Future<?> running = startWriter(tasks::add);
        queue.offer(entry(0));
        queue.offer(entry(1));

        queue.close();
        runLoop();

        running.get();
        List<Integer> all = new ArrayList<>(onLoop);
        all.addAll(onThread);
        assertEquals(List.of(0, 1), all);
        assertFalse(queue.offer(entry(2)));
        assertEquals(0, account.of(Part.QUEUE_UP));
    }

    @Test
    void theThreadWritesWhenTheEventLoopHasEnded() {
        var _ = startWriter(_ -> {
            throw new RejectedExecutionException("the event loop has ended");
        });

        assertTrue(queue.offer(entry(0)));
        await().until(() -> onThread.equals(List.of(0)) && writer.getState() == Thread.State.WAITING);
        assertTrue(queue.offer(entry(1)));

        await().until(() -> onThread.equals(List.of(0, 1)));
        assertEquals(0, account.of(Part.QUEUE_UP));
    }

    /** Everything at once: offers, wake-ups of the thread, and messages that only the thread may write. */
    @Test
    void anErrorOnTheEventLoopReturnsTheRoleToTheThread() throws Exception {
        Future<?> thread = startWriter(tasks::add);
        queue.offer(entry(FAILS));
        queue.offer(entry(2));

        assertThrows(AssertionError.class, this::runLoop);

        await().until(() -> onThread.equals(List.of(2)));
        queue.close();
        thread.get();
        assertEquals(0, tasks.size());
    }

    @Test
    void everyMessageIsWrittenOnceAndInOrder() throws Exception {
        int messages = 50_000;
        AtomicInteger writing = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        List<Integer> written = new ArrayList<>();
        LoopWriter.Writes<Integer> writes = new LoopWriter.Writes<>() {
            @Override
            public boolean mayContinue() {
                return true;
            }

            @Override
            public boolean mayWrite(Entry<Integer> next) {
                return next.message() % 97 != 0;
            }

            @Override
            public void write(Entry<Integer> entry) {
                if (writing.incrementAndGet() > 1) {
                    overlapped.set(true);
                }
                written.add(entry.message());
                writing.decrementAndGet();
            }
        };
        ExecutorService eventLoop = Executors.newSingleThreadExecutor();
        LoopWriter<Integer> loop = new LoopWriter<>(queue, eventLoop, writes);
        Future<?> running = threads.submit(() -> {
            writer = Thread.currentThread();
            while (!queue.isFinished()) {
                Entry<Integer> entry = queue.take(() -> false, loop);
                if (entry != null) {
                    writes.write(entry);
                }
            }
        });
        Future<?> waking = threads.submit(() -> {
            while (!running.isDone()) {
                LockSupport.unpark(writer);
                LockSupport.parkNanos(20_000);
            }
        });

        for (int number = 0; number < messages; number++) {
            queue.offer(entry(number));
            if (number % 50 == 0) {
                LockSupport.parkNanos(1);
            }
        }
        queue.close();
        running.get();
        waking.get();
        eventLoop.shutdown();

        assertFalse(overlapped.get(), "two threads wrote at a time");
        assertEquals(messages, written.size());
        for (int number = 0; number < messages; number++) {
            assertEquals(number, written.get(number));
        }
        assertEquals(0, account.of(Part.QUEUE_UP));
    }
}
