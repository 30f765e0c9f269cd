package dev.livebridge.session.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.MessageKind;
import dev.livebridge.session.account.ProcessAccount;
import dev.livebridge.session.account.SessionAccount;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.queue.MessageQueue.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at one queue: nothing is lost, doubled or left in the account, and the taker always wakes. */
@Timeout(60)
class MessageQueueStressTest {

    private static final int WEIGHT = 10;
    private static final int PRODUCERS = 3;
    private static final int EACH = 20_000;

    private final SessionAccount account = new ProcessAccount(Long.MAX_VALUE).open(_ -> {}, Long.MAX_VALUE, Map.of());
    private final MessageQueue<Message> queue = new MessageQueue<>(account, Part.QUEUE_UP);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private record Message(int producer, int number) {}

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void everyMessageIsTakenOnceInTheOrderOfItsProducer() throws Exception {
        Future<List<Message>> taken = threads.submit(this::takeAll);

        List<Future<Integer>> producers = produce(MessageKind.TEXT);
        for (Future<Integer> producer : producers) {
            assertEquals(EACH, producer.get(), "an open queue takes everything");
        }
        queue.close();

        List<Message> all = taken.get();
        assertEquals(PRODUCERS * EACH, all.size());
        int[] next = new int[PRODUCERS];
        for (Message message : all) {
            assertEquals(next[message.producer()]++, message.number());
        }
        assertNothingIsCharged();
    }

    @Test
    void mediaIsTakenOrDroppedAndTextIsTaken() throws Exception {
        ConcurrentLinkedQueue<Message> dropped = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Future<List<Message>> taken = threads.submit(this::takeAll);
        Future<?> dropping = threads.submit(() -> {
            while (!over.get()) {
                queue.makeRoom(WEIGHT, 5 * WEIGHT, entry -> dropped.add(entry.message()));
                queue.dropStale(entry -> entry.message().number() % 7 == 0, entry -> dropped.add(entry.message()));
                queue.keepOnly(message -> message.number() % 2 == 1, entry -> dropped.add(entry.message()));
                LockSupport.parkNanos(1);
            }
        });

        List<Future<Integer>> producers = produce(MessageKind.AUDIO);
        for (Future<Integer> producer : producers) {
            producer.get();
        }
        over.set(true);
        dropping.get();
        queue.close();

        Set<Message> seen = new HashSet<>(taken.get());
        long text = seen.stream().filter(message -> message.number() % 2 == 1).count();
        assertEquals(PRODUCERS * EACH / 2, text, "text is never dropped");
        assertTrue(dropped.stream().allMatch(seen::add), "a message was dropped and taken, or dropped twice");
        assertEquals(PRODUCERS * EACH, seen.size(), "a message is lost");
        assertNothingIsCharged();
    }

    /** Each message is offered to a taker that has just gone to sleep: a wake-up that is lost hangs. */
    @Test
    void aSleepingTakerIsWokenByEachMessage() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        Future<?> taker = threads.submit(() -> {
            while (queue.take(() -> false) != null) {
                taken.incrementAndGet();
            }
        });

        for (int number = 0; number < EACH; number++) {
            assertTrue(queue.offer(entry(0, number, MessageKind.TEXT)));
            while (taken.get() <= number) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("message " + number + " is not taken");
                }
                Thread.onSpinWait();
            }
        }
        queue.close();

        taker.get();
        assertEquals(EACH, taken.get());
    }

    @Test
    void aTakerIsCalledAwayWhetherItSleepsOrNot() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            AtomicBoolean away = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(1);
            List<Thread> taker = new ArrayList<>();
            Future<Entry<Message>> answer = threads.submit((Callable<Entry<Message>>) () -> {
                taker.add(Thread.currentThread());
                begun.countDown();
                return queue.take(away::get);
            });
            begun.await();

            away.set(true);
            LockSupport.unpark(taker.getFirst());

            assertNull(answer.get());
        }
    }

    /** What is offered while the queue is discarded is refused, taken or discarded; nothing stays in the account. */
    @Test
    void aQueueThatIsDiscardedBetweenOffersOwesNothing() throws Exception {
        for (int round = 0; round < 300; round++) {
            MessageQueue<Message> other = new MessageQueue<>(account, Part.QUEUE_DOWN);
            CountDownLatch start = new CountDownLatch(1);
            Future<Integer> offered = threads.submit(() -> {
                start.await();
                int accepted = 0;
                while (other.offer(entry(0, accepted, MessageKind.TEXT))) {
                    accepted++;
                }
                return accepted;
            });
            Future<Integer> taken = threads.submit(() -> {
                start.await();
                int count = 0;
                while (other.take(() -> false) != null) {
                    count++;
                }
                return count;
            });
            start.countDown();
            LockSupport.parkNanos(1);

            other.discard();

            assertTrue(taken.get() <= offered.get());
            other.discard();
            assertEquals(0, account.of(Part.QUEUE_DOWN), "round " + round);
        }
    }

    /** Each producer's messages are of this kind and text in turn. */
    private List<Future<Integer>> produce(MessageKind even) {
        List<Future<Integer>> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            int producer = i;
            producers.add(threads.submit(() -> {
                int accepted = 0;
                for (int number = 0; number < EACH; number++) {
                    accepted += queue.offer(entry(producer, number, number % 2 == 0 ? even : MessageKind.TEXT)) ? 1 : 0;
                    if (number % 64 == 0) {
                        // The taker catches up and goes to sleep now and then.
                        LockSupport.parkNanos(1);
                    }
                }
                return accepted;
            }));
        }
        return producers;
    }

    private List<Message> takeAll() {
        List<Message> all = new ArrayList<>();
        Entry<Message> entry;
        while ((entry = queue.take(() -> false)) != null) {
            all.add(entry.message());
        }
        return all;
    }

    private void assertNothingIsCharged() {
        assertEquals(0, queue.bytes());
        assertEquals(0, account.of(Part.QUEUE_UP));
        assertEquals(0, account.total());
    }

    private static Entry<Message> entry(int producer, int number, MessageKind kind) {
        return new Entry<>(new Message(producer, number), kind, WEIGHT, WEIGHT, 0, 0);
    }
}
