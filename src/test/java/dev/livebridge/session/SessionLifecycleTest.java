package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.Negotiated;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Rotating;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.RotationTrigger;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionLifecycleTest {

    private static final Negotiated NEGOTIATED = FakeModel.agreed(true, false, ConnectionTraits.USUAL);

    private final AtomicLong clock = new AtomicLong(1_000);
    private final List<Ended> ends = new CopyOnWriteArrayList<>();
    private final SessionLifecycle lifecycle = new SessionLifecycle("s", clock::get, ends::add);

    /** Every state, every transition: the state that follows, or {@code -} when the transition is refused. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            from           | toConnecting | toLive | toRotating | toMoving | end
            awaiting_setup | connecting   | -      | -          | moving   | ended
            connecting     | -            | live   | -          | moving   | ended
            live           | -            | -      | rotating   | moving   | ended
            rotating       | -            | live   | -          | moving   | ended
            moving         | -            | -      | -          | -        | ended
            ended          | -            | -      | -          | -        | -
            """)
    void transitions(String from, String toConnecting, String toLive, String toRotating, String toMoving, String end) {
        assertTransition(from, toConnecting, SessionLifecycle::toConnecting);
        assertTransition(from, toLive, each -> each.toLive(NEGOTIATED));
        assertTransition(from, toRotating, each -> each.toRotating(RotationTrigger.AGE));
        assertTransition(from, toMoving, each -> each.toMoving(EndCause.DRAIN));
        assertTransition(from, end, each -> each.end(EndCause.IDLE_TIMEOUT, "idle"));
    }

    private void assertTransition(String from, String to, Predicate<SessionLifecycle> transition) {
        AtomicInteger ended = new AtomicInteger();
        SessionLifecycle subject = new SessionLifecycle("s", clock::get, _ -> ended.incrementAndGet());
        bring(subject, from);
        SessionState before = subject.state();
        assertEquals(from, before.label());
        int endedBefore = ended.get();

        boolean done = transition.test(subject);

        if (to.equals("-")) {
            assertFalse(done);
            assertSame(before, subject.state());
            assertEquals(endedBefore, ended.get());
        } else {
            assertTrue(done);
            assertEquals(to, subject.state().label());
            assertEquals(to.equals("ended") ? 1 : 0, ended.get());
        }
    }

    private static void bring(SessionLifecycle subject, String state) {
        switch (state) {
            case "awaiting_setup" -> {}
            case "connecting" -> subject.toConnecting();
            case "live" -> {
                subject.toConnecting();
                subject.toLive(NEGOTIATED);
            }
            case "rotating" -> {
                bring(subject, "live");
                subject.toRotating(RotationTrigger.GO_AWAY);
            }
            case "moving" -> {
                bring(subject, "live");
                subject.toMoving(EndCause.MOVED);
            }
            case "ended" -> subject.end(EndCause.CLIENT_CLOSED, "closed");
            default -> throw new IllegalArgumentException(state);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "awaiting_setup, false, false",
        "connecting, false, false",
        "live, true, false",
        "rotating, true, false",
        "moving, false, true",
        "ended, false, true"
    })
    void negotiatedAndModelReleasedFollowTheState(String state, boolean negotiated, boolean modelReleased) {
        bring(lifecycle, state);

        if (negotiated) {
            assertSame(NEGOTIATED, lifecycle.negotiated());
        } else {
            assertNull(lifecycle.negotiated());
        }
        assertEquals(modelReleased, lifecycle.modelReleased());
    }

    @Test
    void aRotationRemembersWhenItBeganAndWhatWasNegotiated() {
        bring(lifecycle, "live");
        clock.set(5_000);

        lifecycle.toRotating(RotationTrigger.LOST);

        assertEquals(new Rotating(NEGOTIATED, RotationTrigger.LOST, 5_000), lifecycle.state());
    }

    @Test
    void theFirstEndCounts() {
        clock.set(7_000);
        assertTrue(lifecycle.end(EndCause.IDLE_TIMEOUT, "idle"));
        assertFalse(lifecycle.end(EndCause.INTERNAL, "late"));
        lifecycle.fault("testing", new IllegalStateException("later"));

        assertEquals(List.of(new Ended(EndCause.IDLE_TIMEOUT, "idle", 7_000, null, null)), ends);
        assertEquals(ends.getFirst(), lifecycle.state());
    }

    @Test
    void theClientIsToldTheRemedyOfTheUpstreamEndIfItHasOne() {
        UpstreamEnd exact = new UpstreamEnd(
                1008, EndCause.UPSTREAM_MODEL, RetryClass.LATER, "Not served.", "Ask for another model.", "no such");

        lifecycle.end(exact);

        Ended ended = ends.getFirst();
        assertEquals(exact, ended.upstream());
        assertEquals(exact.sentence(), ended.problem().message());
        assertEquals("Ask for another model.", ended.problem().remedy());
        assertEquals(exact.retryAfterMillis(), ended.problem().retryAfterMillis());
        assertTrue(ended.problem().fatal());
    }

    @Test
    void aFaultEndsTheSessionWithoutDetails() {
        lifecycle.fault("testing", new IllegalStateException("secret"));

        Ended ended = ends.getFirst();
        assertEquals(EndCause.INTERNAL, ended.cause());
        assertEquals(EndCause.INTERNAL.sentence(), ended.message());
        assertFalse(ended.problem().message().contains("secret"));
    }

    @Test
    void ofManyThreadsThatEndItOneDoes() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger won = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 16)
                .mapToObj(number -> Thread.ofVirtual().start(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (lifecycle.end(EndCause.POLICY, "thread " + number)) {
                        won.incrementAndGet();
                    }
                }))
                .toList();

        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(1, won.get());
        assertEquals(1, ends.size());
    }
}
