package dev.livebridge.load;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChunkSchedulerTest {

    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(5);

    /** What coordinated omission would hide: calls that had to wait are neither dropped nor moved. */
    @Test
    void aDelayedTaskStillRunsForEveryDueTime() {
        List<Long> due = new CopyOnWriteArrayList<>();
        List<Long> called = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        try (ChunkScheduler scheduler = new ChunkScheduler()) {
            scheduler.every(PERIOD, time -> {
                due.add(time);
                called.add(System.nanoTime());
                await().until(() -> release.getCount() == 0);
            });
            await().until(() -> !due.isEmpty() && System.nanoTime() - due.getFirst() > 20 * PERIOD);

            release.countDown();

            await().until(() -> due.size() >= 20);
        }
        for (int i = 1; i < 20; i++) {
            assertEquals(PERIOD, due.get(i) - due.get(i - 1));
        }
        assertTrue(called.get(1) - due.get(1) > 10 * PERIOD, "the hold-up is in the figures");
    }

    @Test
    void everybodyIsCalledInTheOrderOfTheirTimes() {
        List<Long> due = new CopyOnWriteArrayList<>();
        try (ChunkScheduler scheduler = new ChunkScheduler()) {
            scheduler.every(PERIOD, due::add);
            scheduler.every(2 * PERIOD, due::add);
            scheduler.every(3 * PERIOD, due::add);

            await().until(() -> due.size() > 30);
        }
        assertTrue(due.getLast() > due.getFirst());
    }
}
