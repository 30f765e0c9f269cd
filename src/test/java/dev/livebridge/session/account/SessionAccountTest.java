package dev.livebridge.session.account;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.Trials;
import dev.livebridge.session.account.SessionAccount.Bound;
import dev.livebridge.session.account.SessionAccount.Overrun;
import dev.livebridge.session.account.SessionAccount.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SessionAccountTest {

    private static final long ROOMY = 1L << 40;

    private final ProcessAccount process = new ProcessAccount(ROOMY);
    private final Ending ending = new Ending();

    /** A session that does nothing but end. */
    private static final class Ending implements SessionAccount.Owner {
        private final List<Overrun> overruns = new ArrayList<>();

        @Override
        public synchronized void onOverrun(Overrun overrun) {
            overruns.add(overrun);
        }

        synchronized List<Overrun> overruns() {
            return List.copyOf(overruns);
        }
    }

    // ---- sums ------------------------------------------------------------------------------------------------

    @Test
    void thePartsAreTheWholeAndTheSessionsTheProcess() {
        Trials.run(300, random -> {
            ProcessAccount all = new ProcessAccount(ROOMY);
            List<SessionAccount> accounts = new ArrayList<>();
            List<Map<Part, Long>> expected = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                accounts.add(all.open(new Ending(), ROOMY, Map.of()));
                expected.add(new EnumMap<>(Part.class));
            }
            for (int step = 0; step < 100; step++) {
                int i = random.nextInt(accounts.size());
                Part part = Trials.oneOf(random, Part.values());
                long bytes = random.nextInt(1_000_000);
                long before = expected.get(i).getOrDefault(part, 0L);
                switch (random.nextInt(3)) {
                    case 0 -> {
                        assertTrue(accounts.get(i).add(part, bytes));
                        expected.get(i).put(part, before + bytes);
                    }
                    case 1 -> {
                        accounts.get(i).subtract(part, Math.min(before, bytes));
                        expected.get(i).put(part, before - Math.min(before, bytes));
                    }
                    default -> {
                        accounts.get(i).set(part, bytes);
                        expected.get(i).put(part, bytes);
                    }
                }
                if (random.nextInt(20) == 0) {
                    // What an ended session holds counts until it is closed, but not against the bound
                    accounts.get(i).onSessionEnded();
                }
            }
            long whole = 0;
            long charged = 0;
            for (int i = 0; i < accounts.size(); i++) {
                SessionAccount account = accounts.get(i);
                for (Part part : Part.values()) {
                    assertEquals(expected.get(i).getOrDefault(part, 0L), account.of(part));
                }
                long sum = sum(account);
                assertEquals(sum, account.total());
                whole += sum;
                charged += account.ending() ? 0 : sum;
            }
            assertEquals(whole, all.used());
            assertEquals(charged, all.charged());
            for (Part part : Part.values()) {
                assertEquals(accounts.stream().mapToLong(each -> each.of(part)).sum(), all.of(part));
            }
            accounts.forEach(SessionAccount::close);
            assertEquals(0, all.used());
            assertEquals(0, all.charged());
        });
    }

    /** Threads that add, subtract and set, while others end and close the accounts. */
    @Test
    void theSumsHoldWhateverHappensAtOnce() {
        Trials.run(30, random -> {
            ProcessAccount all = new ProcessAccount(ROOMY);
            List<SessionAccount> accounts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                accounts.add(all.open(new Ending(), ROOMY, Map.of()));
            }
            List<Future<?>> runs = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
                for (int thread = 0; thread < 8; thread++) {
                    Random own = new Random(random.nextLong());
                    // Three accounts are closed under way, one only ends, two remain as they are
                    int victim = thread < 4 ? thread : -1;
                    runs.add(threads.submit(() -> disturb(own, accounts, victim)));
                }
            }
            for (Future<?> run : runs) {
                run.get();
            }

            for (int i = 0; i < accounts.size(); i++) {
                SessionAccount account = accounts.get(i);
                assertEquals(sum(account), account.total());
                assertEquals(i < 3, sum(account) == 0, "account " + i);
            }
            assertEquals(accounts.stream().mapToLong(SessionAccountTest::sum).sum(), all.used());
            assertEquals(sum(accounts.get(4)) + sum(accounts.get(5)), all.charged());
            accounts.forEach(SessionAccount::close);
            assertEquals(0, all.used());
            assertEquals(0, all.charged());
            accounts.forEach(account -> assertEquals(0, account.total()));
        });
    }

    private static void disturb(Random random, List<SessionAccount> accounts, int victim) {
        for (int step = 0; step < 2_000; step++) {
            SessionAccount account = accounts.get(random.nextInt(accounts.size()));
            // Each thread gives back what it has added itself; the setup has another way
            Part part = Trials.oneOf(random, Part.values());
            long bytes = 1L + random.nextInt(10_000);
            if (part == Part.SETUP) {
                account.set(part, bytes);
            } else if (account.add(part, bytes) && random.nextInt(3) > 0) {
                account.subtract(part, bytes);
            }
            if (step == 1_000 && victim >= 0) {
                if (victim < 3) {
                    accounts.get(victim).close();
                } else {
                    accounts.get(victim).onSessionEnded();
                }
            }
        }
    }

    private static long sum(SessionAccount account) {
        return Arrays.stream(Part.values()).mapToLong(account::of).sum();
    }

    @Test
    void aClosedAccountStaysEmpty() {
        SessionAccount account = process.open(ending, ROOMY, Map.of());
        account.add(Part.QUEUE_DOWN, 100);
        account.close();
        account.close();

        assertFalse(account.add(Part.QUEUE_DOWN, 50));
        account.subtract(Part.QUEUE_DOWN, 100);
        account.set(Part.SETUP, 70);

        assertEquals(0, account.total());
        assertEquals(0, process.used());
    }

    @Test
    void moreThanThereIsCannotBeGivenBack() {
        SessionAccount account = process.open(ending, ROOMY, Map.of());
        account.add(Part.MEMORY, 10);

        assertThrows(IllegalStateException.class, () -> account.subtract(Part.MEMORY, 11));
        assertEquals(10, process.used());
    }

    // ---- bounds ----------------------------------------------------------------------------------------------

    @Test
    void anOverrunIsReportedOnceAndTheRestRefused() {
        SessionAccount account = process.open(ending, 1_000, Map.of());
        assertTrue(account.add(Part.SETUP, 600));
        assertTrue(account.add(Part.QUEUE_UP, 400));
        assertFalse(account.exceeded());

        assertTrue(account.add(Part.QUEUE_UP, 1), "what exceeds the bound is there already");

        assertTrue(account.exceeded());
        assertFalse(account.add(Part.QUEUE_DOWN, 1));
        account.set(Part.NOTICES, 5_000);
        await().until(() -> !ending.overruns().isEmpty());
        assertEquals(List.of(new Overrun(Bound.SESSION, Part.SETUP)), ending.overruns());
        assertEquals(6_001, account.total());
    }

    @Test
    void aPartHasABoundOfItsOwn() {
        SessionAccount account = process.open(ending, 1_000, Map.of(Part.QUEUE_DOWN, 100L));

        account.add(Part.MEMORY, 500);
        account.add(Part.QUEUE_DOWN, 101);

        await().until(() -> !ending.overruns().isEmpty());
        assertEquals(List.of(new Overrun(Bound.PART, Part.QUEUE_DOWN)), ending.overruns());
    }

    @Test
    void manyThreadsAtTheBoundExceedItByOneAdditionEachAndReportOnce() throws Exception {
        SessionAccount account = process.open(ending, 1_000_000, Map.of());
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int thread = 0; thread < 8; thread++) {
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        account.add(Part.QUEUE_DOWN, 1_000);
                    }
                }));
            }
        }
        for (Future<?> run : runs) {
            run.get();
        }

        assertTrue(account.total() <= 1_000_000 + 8 * 1_000, account.total() + " bytes");
        await().until(() -> !ending.overruns().isEmpty());
        assertEquals(1, ending.overruns().size());
    }

    @Test
    void whatAnEndedSessionSaysIsNotRefused() {
        SessionAccount account = process.open(ending, 100, Map.of());
        account.add(Part.QUEUE_DOWN, 101);
        account.onSessionEnded();

        assertTrue(account.add(Part.QUEUE_DOWN, 50));

        assertEquals(151, process.used());
        assertEquals(0, process.charged());
    }

    // ---- relief ----------------------------------------------------------------------------------------------

    /** A session that frees its memory some time after its end, as a pump does. */
    private static final class Slow implements SessionAccount.Owner {
        private final AtomicInteger ended = new AtomicInteger();
        private final long delayNanos;
        private SessionAccount account;

        Slow(ProcessAccount process, long delayNanos) {
            this.delayNanos = delayNanos;
            this.account = process.open(this, ROOMY, Map.of());
        }

        @Override
        public void onOverrun(Overrun overrun) {
            ended.incrementAndGet();
            account.onSessionEnded();
            Thread.ofVirtual().start(() -> {
                LockSupport.parkNanos(delayNanos);
                account.close();
            });
        }
    }

    /** Control messages are freed by the pump, later; until then no other session must pay for them. */
    @Test
    void reliefEndsTheHeaviestAndNoInnocent() {
        for (int round = 0; round < 200; round++) {
            ProcessAccount all = new ProcessAccount(1_000_000);
            Slow attacker = new Slow(all, 2_000_000);
            List<Slow> innocents = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Slow innocent = new Slow(all, 0);
                innocent.account.add(Part.MEMORY, 5_000 + i);
                innocents.add(innocent);
            }

            while (attacker.account.add(Part.QUEUE_DOWN, 300)) {
                // Others go on meanwhile
                Slow other = innocents.get(round % innocents.size());
                other.account.add(Part.QUEUE_UP, 200);
                other.account.subtract(Part.QUEUE_UP, 200);
            }

            await().until(() -> all.used() < 200_000);
            assertEquals(1, attacker.ended.get());
            assertEquals(
                    0, innocents.stream().mapToInt(each -> each.ended.get()).sum(), "round " + round);
            innocents.forEach(each -> each.account.close());
            assertEquals(0, all.used());
        }
    }

    @Test
    void reliefEndsAsManyAsItNeeds() {
        ProcessAccount all = new ProcessAccount(1_000_000);
        List<Slow> sessions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sessions.add(new Slow(all, 1_000_000));
        }
        for (int i = 0; i < 10; i++) {
            sessions.get(i).account.set(Part.SETUP, 90_000 + i * 1_000);
        }
        assertEquals(0, sessions.stream().mapToInt(each -> each.ended.get()).sum());

        sessions.getFirst().account.add(Part.MEMORY, 150_000);

        await().until(() -> all.used() <= 1_000_000);
        assertEquals(1, sessions.getFirst().ended.get(), "the heaviest");
        assertEquals(1, sessions.stream().mapToInt(each -> each.ended.get()).sum());
    }

    /** Ended sessions may not fill the process either: they are told to let go, and nobody else is ended. */
    @Test
    void endedSessionsAreAskedForTheirMemoryFirst() {
        ProcessAccount all = new ProcessAccount(1_000_000);
        SessionAccount ended = all.open(ending, ROOMY, Map.of());
        ended.add(Part.QUEUE_DOWN, 900_000);
        ended.onSessionEnded();
        Slow innocent = new Slow(all, 0);

        innocent.account.add(Part.QUEUE_UP, 200_000);

        await().until(ended::releaseRequested);
        ended.close();
        assertEquals(0, innocent.ended.get());
        assertEquals(200_000, all.used());
    }
}
