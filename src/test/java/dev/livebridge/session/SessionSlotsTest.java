package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.Trials;
import dev.livebridge.session.SessionSlots.Refusal;
import dev.livebridge.session.SessionSlots.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionSlotsTest {

    private final AtomicLong clock = new AtomicLong();
    private int away;

    private SessionSlots seats(int capacity, int maxAwaiting) {
        return new SessionSlots(capacity, maxAwaiting, () -> away, clock::get);
    }

    private static Slot taken(SessionSlots seats) {
        SessionSlots.Reservation reservation = seats.reserve();
        assertNull(reservation.refusal());
        return Objects.requireNonNull(reservation.slot());
    }

    @Test
    void asManyAreAdmittedAsThereAreSeats() {
        SessionSlots seats = seats(3, 10);

        for (int i = 0; i < 3; i++) {
            assertTrue(taken(seats).toConversation());
        }

        assertEquals(Refusal.CAPACITY, seats.reserve().refusal());
        assertTrue(seats.full());
    }

    @Test
    void withoutSeatsBeforeASetupNothingCouldBegin() {
        assertThrows(IllegalArgumentException.class, () -> seats(10, 0));
    }

    @Test
    void aSeatThatIsGivenBackIsFreeOnce() {
        SessionSlots seats = seats(1, 1);
        Slot seat = taken(seats);

        seat.release();
        seat.release();
        seat.abandon();

        assertEquals(0, seats.taken());
        assertEquals(0, seats.awaiting());
        taken(seats);
        assertEquals(Refusal.CAPACITY, seats.reserve().refusal());
    }

    @Test
    void aConnectionThatGoesBeforeItsSessionGivesTheSeatBack() {
        SessionSlots seats = seats(1, 1);

        taken(seats).abandon();
        Slot occupied = taken(seats);
        occupied.toOccupied();
        occupied.abandon();

        assertEquals(1, seats.taken(), "the session gives it back");
        occupied.release();
        assertEquals(0, seats.taken());
    }

    @Test
    void silentConnectionsDoNotFillTheHouse() {
        SessionSlots seats = seats(100, 10);
        List<Slot> silent = IntStream.range(0, 10).mapToObj(i -> taken(seats)).toList();
        AtomicInteger ended = new AtomicInteger();
        silent.forEach(seat -> seat.onReclaimed(ended::incrementAndGet));

        assertEquals(Refusal.AWAITING_SETUP, seats.reserve().refusal(), "they have only just come");
        clock.addAndGet(SessionSlots.MIN_SETUP_TIME.toNanos());
        Slot newcomer = taken(seats);

        assertEquals(1, ended.get());
        assertTrue(silent.getFirst().released(), "the oldest makes room");
        assertTrue(newcomer.toConversation());
        assertEquals(9, seats.awaiting());
    }

    @Test
    void aConversationIsNeverDisturbed() {
        SessionSlots seats = seats(2, 2);
        Slot talking = taken(seats);
        assertTrue(talking.toConversation());
        Slot silent = taken(seats);
        clock.addAndGet(Duration.ofHours(1).toNanos());

        taken(seats);

        assertFalse(talking.released());
        assertTrue(silent.released());
        assertFalse(silent.toConversation(), "its setup comes too late");
        assertEquals(2, seats.taken());
    }

    @Test
    void aClientThatComesBackFindsASocketInAFullHouse() {
        SessionSlots seats = seats(2, 10);
        assertTrue(taken(seats).toConversation());
        assertTrue(taken(seats).toConversation());
        assertEquals(Refusal.CAPACITY, seats.reserve().refusal());

        away = 1;
        Slot back = taken(seats);

        assertEquals(Refusal.CAPACITY, seats.reserve().refusal(), "for one client that is away there is one socket");
        assertFalse(back.toConversation(), "and no new conversation");
        back.release();
        assertEquals(2, seats.taken());
    }

    @Test
    void aConversationFromElsewhereNeedsASeat() {
        SessionSlots seats = seats(1, 10);

        assertTrue(seats.claim().isPresent());

        assertTrue(seats.claim().isEmpty());
        assertEquals(1, seats.taken());
    }

    /** The sum of the parts, whatever happens in whatever order. */
    @Test
    void seatsAreCountedExactly() {
        Trials.run(300, random -> {
            int capacity = random.nextInt(1, 20);
            int maxAwaiting = random.nextInt(1, 20);
            SessionSlots seats = seats(capacity, maxAwaiting);
            List<Slot> all = new ArrayList<>();
            List<Slot> conversations = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                clock.addAndGet(random.nextLong(SessionSlots.MIN_SETUP_TIME.toNanos()));
                Slot any = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        Slot seat = seats.reserve().slot();
                        if (seat != null) {
                            all.add(seat);
                        }
                    }
                    case 2 -> {
                        if (any != null && any.toConversation()) {
                            conversations.add(any);
                        }
                    }
                    default -> {
                        if (any != null) {
                            any.release();
                        }
                    }
                }
                long taken = all.stream().filter(seat -> !seat.released()).count();
                long talking = conversations.stream()
                        .distinct()
                        .filter(seat -> !seat.released())
                        .count();
                assertEquals(taken, seats.taken());
                assertEquals(taken - talking, seats.awaiting());
                assertTrue(taken <= capacity && seats.awaiting() <= maxAwaiting);
            }
            all.forEach(Slot::release);
            assertEquals(0, seats.taken());
            assertEquals(0, seats.awaiting());
        });
    }

    @Test
    void ofManyParallelArrivalsExactlyAsManyGetInAsThereAreSeats() throws InterruptedException, ExecutionException {
        for (int round = 0; round < 50; round++) {
            SessionSlots seats = seats(50, 1_000);
            CyclicBarrier start = new CyclicBarrier(120);
            List<Slot> admitted = new ArrayList<>();
            try (ExecutorService arrivals = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<SessionSlots.Reservation>> all = IntStream.range(0, 120)
                        .mapToObj(_ -> arrivals.submit(() -> {
                            start.await();
                            SessionSlots.Reservation reservation = seats.reserve();
                            if (reservation.slot() != null) {
                                reservation.slot().toConversation();
                            }
                            return reservation;
                        }))
                        .toList();
                for (Future<SessionSlots.Reservation> each : all) {
                    Slot seat = each.get().slot();
                    if (seat != null) {
                        admitted.add(seat);
                    }
                }
            }

            assertEquals(50, admitted.size());
            assertEquals(50, seats.taken());
            assertEquals(0, seats.awaiting());
        }
    }

    @Test
    void comingAndGoingInParallelLosesNoSeat() throws InterruptedException, ExecutionException {
        SessionSlots seats = seats(10, 5);
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService arrivals = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                SplittableRandom random = new SplittableRandom(thread);
                all.add(arrivals.submit(() -> comeAndGo(seats, random, most)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertTrue(most.get() <= 10, most + " seats taken");
        assertEquals(0, seats.taken());
        assertEquals(0, seats.awaiting());
        for (int i = 0; i < 10; i++) {
            assertTrue(taken(seats).toConversation(), "every conversation's place is free again");
        }
    }

    private void comeAndGo(SessionSlots seats, SplittableRandom random, AtomicInteger most) {
        List<Slot> mine = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            clock.addAndGet(1_000_000);
            Slot seat = seats.reserve().slot();
            if (seat != null) {
                mine.add(seat);
                most.accumulateAndGet(seats.taken(), Math::max);
                if (random.nextBoolean()) {
                    seat.toConversation();
                }
            }
            if (mine.size() > random.nextInt(4)) {
                mine.remove(random.nextInt(mine.size())).release();
            }
        }
        mine.forEach(Slot::release);
    }
}
