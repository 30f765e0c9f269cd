package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.typed;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that the timer checks: seldom, but never too late. */
class IdleSessionTest {

    private final ConversationFixture talk = ConversationFixture.resumable(FakeModel.speaking());

    @BeforeEach
    void theTimerHasTheSession() {
        talk.services.timer.add(talk.session);
    }

    @AfterEach
    void everythingIsReleased() {
        talk.awaitReleased();
    }

    /** Ticks until the session ends, and returns the time that has passed. */
    private Duration untilEnded(Duration most) {
        long start = talk.services.now();
        while (talk.services.endings.isEmpty() && talk.services.now() - start < most.toNanos()) {
            talk.services.advance(SessionTimer.TICK);
            talk.services.timer.tick();
        }
        return Duration.ofNanos(talk.services.now() - start);
    }

    private void assertWithinTwoTicks(Duration expected, Duration actual) {
        assertTrue(
                actual.compareTo(expected) >= 0
                        && actual.minus(expected).compareTo(SessionTimer.TICK.multipliedBy(2)) <= 0,
                () -> actual + " instead of " + expected);
    }

    private EndCause cause() {
        return talk.services.endings.getFirst().cause();
    }

    @Test
    void theSetupTimeoutIsKept() {
        assertWithinTwoTicks(Duration.ofSeconds(10), untilEnded(Duration.ofMinutes(1)));
        assertEquals(EndCause.SETUP_TIMEOUT, cause());
    }

    @Test
    void theIdleTimeoutIsAnnouncedAndKept() {
        talk.goLive();

        assertWithinTwoTicks(Duration.ofMinutes(10), untilEnded(Duration.ofMinutes(20)));

        assertEquals(EndCause.IDLE_TIMEOUT, cause());
        await().until(() -> talk.told(GatewayMessage.Warning.class) == 1);
        GatewayMessage.Warning warning = talk.client.written.stream()
                .filter(GatewayMessage.Warning.class::isInstance)
                .map(GatewayMessage.Warning.class::cast)
                .findFirst()
                .orElseThrow();
        assertWithinTwoTicks(Duration.ofMillis(requireNonNull(warning.inMillis())), Duration.ofSeconds(30));
    }

    @Test
    void activityMovesTheIdleTimeout() {
        talk.goLive();
        untilEnded(Duration.ofMinutes(9));
        talk.says(typed("still here"));
        await().until(() -> talk.timesReceived("still here") == 1);

        assertWithinTwoTicks(Duration.ofMinutes(10), untilEnded(Duration.ofMinutes(20)));
        assertEquals(EndCause.IDLE_TIMEOUT, cause());
    }

    @Test
    void theGraceTimeOfALostClientIsKept() {
        talk.goLive();
        untilEnded(Duration.ofSeconds(20));
        await().until(() -> talk.told(GatewayMessage.ResumeOffer.class) > 0);
        talk.session.onClientClosed(talk.client, EndCause.CLIENT_LOST, false);

        assertWithinTwoTicks(Duration.ofSeconds(15), untilEnded(Duration.ofMinutes(1)));
        assertEquals(EndCause.CLIENT_LOST, cause());
    }

    @Test
    void anIdleConversationIsCheckedSeldom() {
        talk.goLive();
        untilEnded(Duration.ofSeconds(20));

        assertTrue(
                talk.session.dueInNanos() > Duration.ofSeconds(1).toNanos(),
                () -> "due in " + Duration.ofNanos(talk.session.dueInNanos()));
        talk.over();
    }
}
