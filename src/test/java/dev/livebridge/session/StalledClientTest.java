package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.queue.WriteWindow;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that takes nothing while speech waits. */
class StalledClientTest {

    private final ConversationFixture talk = ConversationFixture.bounded(FakeModel.speaking(), 1_000, 10_000_000);

    @AfterEach
    void everythingIsReleased() {
        talk.awaitReleased();
    }

    /** More than a second of speech is written and not taken, and more waits. */
    private void stalls() {
        talk.goLive();
        talk.client.stall();
        talk.hears(voice("A".repeat(80_000)));
        talk.hears(voice("B".repeat(80_000)));
        await().until(() -> talk.client.borrowers.stream()
                .anyMatch(thread -> LockSupport.getBlocker(thread) instanceof WriteWindow));
    }

    @Test
    void itIsToldAndEndedAfterTheTimeout() {
        stalls();

        talk.passes(Duration.ofMillis(9_900));
        assertTrue(talk.services.endings.isEmpty());
        talk.passes(Duration.ofMillis(200));

        talk.awaitClosed(EndCause.CLIENT_STALLED);
        assertEquals(1, talk.services.endings.size());
        GatewayMessage.Problem problem = assertLast(GatewayMessage.Problem.class);
        assertEquals("client_stalled", problem.code());
        assertEquals(1, talk.told(GatewayMessage.Problem.class));
        assertTrue(talk.client.written.stream().noneMatch(voice("B".repeat(80_000))::equals), "no speech after it");
        talk.client.resume();
    }

    private <T> T assertLast(Class<T> kind) {
        return kind.cast(talk.client.written.getLast());
    }

    @Test
    void oneThatReadsAgainInTimeGoesOn() {
        stalls();
        talk.passes(Duration.ofSeconds(9));

        talk.client.resume();

        await().until(() -> talk.told(voice("B".repeat(80_000))::equals));
        talk.passes(Duration.ofSeconds(9));
        assertTrue(talk.services.endings.isEmpty());
        talk.over();
    }

    @Test
    void lessThanASecondOfSpeechDoesNotEndIt() {
        talk.goLive();
        talk.client.stall();
        talk.hears(voice("A".repeat(40_000)));
        await().until(() -> talk.client.outstanding() == 1);

        talk.passes(Duration.ofMinutes(2));

        assertTrue(talk.services.endings.isEmpty());
        talk.client.resume();
        talk.over();
    }

    @Test
    void theTimerEndsItToo() {
        talk.services.timer.add(talk.session);
        stalls();
        long start = talk.services.now();

        while (talk.services.endings.isEmpty()
                && talk.services.now() - start < Duration.ofMinutes(1).toNanos()) {
            talk.services.advance(SessionTimer.TICK);
            talk.services.timer.tick();
        }

        assertEquals(EndCause.CLIENT_STALLED, talk.services.endings.getFirst().cause());
        assertTrue(talk.services.now() - start <= Duration.ofMillis(10_300).toNanos());
        talk.awaitClosed(EndCause.CLIENT_STALLED);
        talk.client.resume();
    }
}
