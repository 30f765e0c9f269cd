package dev.livebridge.session;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order of their due times; each item is in it once. Every call takes logarithmic time. Safe for use by
 * many threads.
 *
 * @param <T> compared by {@code equals}
 */
final class DeadlineQueue<T> {

    private final Map<T, Entry<T>> entries = new HashMap<>();
    private final TreeSet<Entry<T>> order =
            new TreeSet<>(Comparator.comparingLong(Entry<T>::sinceOrigin).thenComparingLong(Entry::number));
    private final long originNanos;
    private long added;

    /**
     * An item and its due time.
     *
     * @param sinceOrigin nanoseconds, which can be compared, unlike {@link System#nanoTime()}
     * @param number makes entries with the same time different
     */
    private record Entry<T>(T item, long sinceOrigin, long number) {}

    /** @param nowNanos any time; due times are within 292 years of it */
    DeadlineQueue(long nowNanos) {
        this.originNanos = nowNanos;
    }

    /** Adds an item, or moves it to another time. */
    synchronized void put(T item, long dueNanos) {
        remove(item);
        Entry<T> entry = new Entry<>(item, dueNanos - originNanos, added++);
        entries.put(item, entry);
        order.add(entry);
    }

    /** Moves an item to an earlier time. Without the item, or when it is due by then, nothing changes. */
    synchronized void advance(T item, long dueNanos) {
        Entry<T> entry = entries.get(item);
        if (entry != null && entry.sinceOrigin() > dueNanos - originNanos) {
            put(item, dueNanos);
        }
    }

    /** Removes an item, if it is there. */
    synchronized void remove(T item) {
        Entry<T> entry = entries.remove(item);
        if (entry != null) {
            order.remove(entry);
        }
    }

    /** Removes and returns the item that has been due for the longest time; {@code null} when none is due. */
    synchronized @Nullable T poll(long nowNanos) {
        if (order.isEmpty() || order.getFirst().sinceOrigin() > nowNanos - originNanos) {
            return null;
        }
        T item = order.getFirst().item();
        remove(item);
        return item;
    }

    /** Number of items. */
    synchronized int size() {
        return entries.size();
    }
}
