package dev.livebridge.session;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session slots of this process. A slot is reserved before an upgrade is granted, so that parallel upgrades never
 * exceed the capacity, and is released exactly once.
 *
 * <p>Slots without a setup have their own bound. When they are all taken, the oldest one is reclaimed for a new client,
 * if it has waited longer than a working client needs for its setup: silent connections do not keep others out.
 *
 * <p>A client that resumes its session needs a socket, but no second session: while sessions wait for their clients, as
 * many sockets more than the capacity are admitted. A new conversation is still refused then.
 */
public final class SessionSlots {

    /** A working client sends its setup within a round trip. */
    static final Duration MIN_SETUP_TIME = Duration.ofSeconds(2);

    private final int capacity;
    private final int maxAwaiting;
    private final IntSupplier clientsAway;
    private final LongSupplier clock;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger conversations = new AtomicInteger();
    private final AtomicInteger awaitingCount = new AtomicInteger();
    private final ConcurrentSkipListMap<Long, Slot> awaiting = new ConcurrentSkipListMap<>();
    private long reservations;

    /**
     * Free slots.
     *
     * @param capacity for conversations
     * @param maxAwaiting the bound of slots without a setup
     * @param clientsAway counts the sessions that wait for their client
     * @param clock {@link System#nanoTime()}
     */
    SessionSlots(int capacity, int maxAwaiting, IntSupplier clientsAway, LongSupplier clock) {
        if (maxAwaiting < 1) {
            throw new IllegalArgumentException("livebridge.session.max-awaiting-setup must be positive.");
        }
        this.capacity = capacity;
        this.maxAwaiting = maxAwaiting;
        this.clientsAway = clientsAway;
        this.clock = clock;
    }

    /** Why there is no slot. */
    enum Refusal {
        /** All slots are taken. */
        CAPACITY,
        /** All slots without a setup are taken by connections that have just been opened. */
        AWAITING_SETUP;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The metric label. */
        String label() {
            return label;
        }
    }

    /**
     * The answer to a reservation.
     *
     * @param slot {@code null} when it is refused
     * @param refusal {@code null} when it is granted
     */
    record Reservation(@Nullable Slot slot, @Nullable Refusal refusal) {}

    /** Reserves a slot without a setup. */
    synchronized Reservation reserve() {
        if (taken.get() >= capacity && taken.get() >= capacity + clientsAway.getAsInt() && !reclaimOldest()) {
            return new Reservation(null, Refusal.CAPACITY);
        }
        if (awaitingCount.get() >= maxAwaiting && !reclaimOldest()) {
            return new Reservation(null, Refusal.AWAITING_SETUP);
        }
        Slot slot = new Slot(SlotState.AWAITING, clock.getAsLong(), ++reservations);
        taken.incrementAndGet();
        awaitingCount.incrementAndGet();
        awaiting.put(slot.number, slot);
        return new Reservation(slot, null);
    }

    /**
     * Takes a slot for a conversation that comes from another instance.
     *
     * @return nothing when the capacity is used up
     */
    Optional<Slot> claim() {
        if (!takeConversation()) {
            return Optional.empty();
        }
        taken.incrementAndGet();
        return Optional.of(new Slot(SlotState.CONVERSATION, clock.getAsLong(), 0));
    }

    /** Runs an action during which no slot is reserved, so that a slot can be released and taken again at once. */
    synchronized <T> T withoutReservations(Supplier<T> exchange) {
        return exchange.get();
    }

    /** Whether all slots are taken. */
    boolean full() {
        return taken.get() >= capacity;
    }

    /** Slots that are taken, with or without a setup. */
    int taken() {
        return taken.get();
    }

    /** Slots without a setup. */
    int awaiting() {
        return awaitingCount.get();
    }

    private boolean reclaimOldest() {
        Map.Entry<Long, Slot> oldest = awaiting.firstEntry();
        if (oldest == null
                || clock.getAsLong() - oldest.getValue().sinceNanos < MIN_SETUP_TIME.toNanos()
                || !oldest.getValue().release(SlotState.AWAITING)) {
            return false;
        }
        oldest.getValue().onReclaimed.get().run();
        return true;
    }

    private boolean takeConversation() {
        int before = conversations.getAndUpdate(count -> count < capacity ? count + 1 : count);
        return before < capacity;
    }

    private enum SlotState {
        AWAITING,
        CONVERSATION,
        RELEASED
    }

    /** One place of this process. Thread-safe. */
    public final class Slot {

        private final AtomicReference<SlotState> state;
        private final AtomicReference<Runnable> onReclaimed = new AtomicReference<>(() -> {});
        private final AtomicBoolean occupied = new AtomicBoolean();
        private final long sinceNanos;
        private final long number;

        private Slot(SlotState state, long sinceNanos, long number) {
            this.state = new AtomicReference<>(state);
            this.sinceNanos = sinceNanos;
            this.number = number;
        }

        /** Sets the action that ends the connection when its slot is reclaimed. */
        public void onReclaimed(Runnable ending) {
            onReclaimed.set(ending);
        }

        /** A session has the slot now, and releases it when it ends. */
        void toOccupied() {
            occupied.set(true);
        }

        /**
         * The connection is closed: without a session the slot is released.
         *
         * @return whether no session had it
         */
        public boolean abandon() {
            if (occupied.get()) {
                return false;
            }
            release();
            return true;
        }

        /** Whether the slot has been released or reclaimed. */
        boolean released() {
            return state.get() == SlotState.RELEASED;
        }

        /**
         * The setup has arrived: the slot becomes that of a conversation.
         *
         * @return whether the capacity allowed it
         */
        boolean toConversation() {
            if (state.get() == SlotState.CONVERSATION) {
                return true;
            }
            if (!takeConversation()) {
                return false;
            }
            if (state.compareAndSet(SlotState.AWAITING, SlotState.CONVERSATION)) {
                onNotAwaiting();
                return true;
            }
            conversations.decrementAndGet();
            return false;
        }

        /** Releases the slot; a second call does nothing. */
        void release() {
            if (!release(SlotState.AWAITING)) {
                release(SlotState.CONVERSATION);
            }
        }

        private boolean release(SlotState from) {
            if (!state.compareAndSet(from, SlotState.RELEASED)) {
                return false;
            }
            if (from == SlotState.AWAITING) {
                onNotAwaiting();
            } else {
                conversations.decrementAndGet();
            }
            taken.decrementAndGet();
            return true;
        }

        private void onNotAwaiting() {
            awaiting.remove(number);
            awaitingCount.decrementAndGet();
        }
    }
}
