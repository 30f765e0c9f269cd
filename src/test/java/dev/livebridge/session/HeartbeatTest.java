package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.telemetry.Metric;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection to the model on which nothing is heard. */
class HeartbeatTest {

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void over() {
        talk.over();
    }

    @Test
    void aModelThatNoLongerAnswersPingsCountsAsLost() {
        answersTheFirstPing();

        passesUntilPing(PAUSE, 2);
        passesUntilPing(PATIENCE, 3);
        assertEquals(1, talk.model.dialled.get(), "Gemini may be slow");
        talk.passes(Duration.ofMillis(1));

        talk.awaitReconnected(2, Memory.RESUMED);
        assertEquals(
                1,
                talk.services
                        .registry
                        .get(Metric.UPSTREAM_ROTATIONS.id())
                        .tag("trigger", "stalled")
                        .counter()
                        .count());
    }

    @Test
    void aLatePongIsAnAnswerAndSoIsAnythingElse() {
        answersTheFirstPing();

        passesUntilPing(PAUSE, 2);
        passesUntilPing(PATIENCE, 3);
        talk.pongs(3);
        passesUntilPing(PAUSE, 4);
        talk.passes(PATIENCE);
        talk.hears(ConversationFixture.noHandleNow());
        talk.passes(Duration.ofSeconds(29));

        assertEquals(1, talk.model.dialled.get());
    }

    @Test
    void aModelThatHasNeverAnsweredAPingIsNotJudgedByItsSilence() {
        talk.exchange("Hi", "Hello.", "h1");

        for (int minutes = 0; minutes < 8; minutes++) {
            talk.passes(Duration.ofMinutes(1));
        }

        assertEquals(1, talk.model.dialled.get());
    }

    @Test
    void aModelThatSpeaksIsNotPinged() {
        answersTheFirstPing();

        for (int seconds = 0; seconds < 300; seconds += 10) {
            talk.passes(Duration.ofSeconds(10));
            talk.hears(ConversationFixture.noHandleNow());
        }

        assertEquals(1, talk.model.pings.get());
    }

    private void answersTheFirstPing() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.passes(Duration.ZERO);
        talk.pongs(1);
    }

    private void passesUntilPing(Duration time, int pings) {
        talk.passes(time);
        await().until(() -> talk.model.pings.get() == pings);
    }
}
