package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {

    /** Due times pass the end of the range of {@code long}, as those of {@link System#nanoTime()} may. */
    private static final long ORIGIN = Long.MAX_VALUE - 50;

    private final DeadlineQueue<String> queue = new DeadlineQueue<>(ORIGIN);

    private List<String> due(long since) {
        List<String> items = new ArrayList<>();
        for (String item = queue.poll(ORIGIN + since); item != null; item = queue.poll(ORIGIN + since)) {
            items.add(item);
        }
        return items;
    }

    private void put(String item, long since) {
        queue.put(item, ORIGIN + since);
    }

    @Test
    void itemsAreDueAtTheirTimeInOrder() {
        put("b", 60);
        put("c", 90);
        put("a", 10);
        put("d", 60);

        assertEquals(List.of(), due(9));
        assertEquals(List.of("a"), due(10));
        assertEquals(List.of("b", "d"), due(60));
        assertEquals(List.of("c"), due(1_000));
        assertEquals(List.of(), due(2_000));
    }

    @Test
    void aMovedItemIsDueOnceAtItsNewTime() {
        put("later", 10);
        put("later", 90);
        put("earlier", 90);
        put("earlier", 20);

        assertEquals(List.of("earlier"), due(20));
        assertEquals(List.of(), due(89));
        assertEquals(List.of("later"), due(90));
        assertEquals(0, queue.size());
    }

    @Test
    void advanceOnlyMovesToAnEarlierTime() {
        put("a", 50);

        queue.advance("a", at(80));
        assertEquals(List.of("a"), due(50));

        put("b", 80);
        queue.advance("b", at(60));
        queue.advance("absent", at(60));
        assertEquals(List.of("b"), due(60));
    }

    @Test
    void aRemovedItemIsNotDue() {
        put("a", 10);
        put("b", 10);

        queue.remove("a");
        queue.remove("absent");

        assertEquals(List.of("b"), due(10));
        assertNull(queue.poll(at(1_000)));
    }

    @Test
    void anyOrderOfPutsIsSorted() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            put("item" + random.nextInt(300), random.nextInt(5_000));
        }
        int size = queue.size();
        int polled = 0;
        for (long since = 0; since < 5_000; since++) {
            polled += due(since).size();
        }

        assertEquals(size, polled);
    }

    /** A time that overflows, as that of System.nanoTime may. */
    private static long at(long offset) {
        return ORIGIN + offset;
    }
}
