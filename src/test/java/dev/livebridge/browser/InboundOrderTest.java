package dev.livebridge.browser;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InboundOrderTest {

    private final Deque<Runnable> threads = new ArrayDeque<>();
    private final AtomicLong waiting = new AtomicLong();
    private final List<String> done = new ArrayList<>();

    private InboundOrder order() {
        return new InboundOrder(threads::add, waiting::addAndGet);
    }

    @Test
    void whatComesBehindALargeMessageWaitsForIt() {
        InboundOrder order = order();
        assertTrue(order.idle());

        order.defer(100, () -> done.add("large"));
        assertFalse(order.idle());
        order.defer(10, () -> done.add("small"));
        assertEquals(110, waiting.get());
        assertEquals(1, threads.size(), "one step of a connection at a time");
        threads.remove().run();
        assertFalse(order.idle());
        assertEquals(10, waiting.get());
        threads.remove().run();

        assertEquals(List.of("large", "small"), done);
        assertTrue(order.idle());
        assertEquals(0, waiting.get());
    }

    @Test
    void connectionsTakeTurns() {
        InboundOrder one = order();
        InboundOrder other = order();
        for (int i = 0; i < 3; i++) {
            one.defer(1, () -> done.add("one"));
            other.defer(1, () -> done.add("other"));
        }

        while (!threads.isEmpty()) {
            threads.remove().run();
        }

        assertEquals(List.of("one", "other", "one", "other", "one", "other"), done);
    }

    @Test
    void aStepThatFailsDoesNotStopTheOthers() {
        InboundOrder order = order();
        order.defer(1, () -> {
            throw new IllegalStateException("defect");
        });
        order.defer(1, () -> done.add("next"));

        try {
            threads.remove().run();
        } catch (IllegalStateException e) {
            done.add(String.valueOf(e.getMessage()));
        }
        threads.remove().run();

        assertEquals(List.of("defect", "next"), done);
        assertEquals(0, waiting.get());
    }

    @Test
    void theOrderHoldsWithRealThreads() {
        List<Integer> seen = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            InboundOrder order = new InboundOrder(pool, waiting::addAndGet);
            int next = 0;
            while (next < 20_000) {
                int number = next++;
                if (order.idle() && number % 7 != 0) {
                    seen.add(number);
                } else {
                    order.defer(1, () -> seen.add(number));
                }
            }
            await().until(order::idle);
        }

        assertEquals(20_000, seen.size());
        for (int i = 0; i < seen.size(); i++) {
            assertEquals(i, seen.get(i));
        }
        assertEquals(0, waiting.get());
    }
}
