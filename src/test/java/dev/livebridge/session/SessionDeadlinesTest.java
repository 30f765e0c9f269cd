package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.sound;
import static dev.livebridge.session.ConversationFixture.typed;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.ServerMessage;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The deadlines that end a session. */
class SessionDeadlinesTest {

    private ConversationFixture talk = ConversationFixture.unopened(FakeModel.speaking());

    @AfterEach
    void everythingIsReleased() {
        talk.awaitReleased();
    }

    @Test
    void aClientThatSaysNothingIsEnded() {

        talk.passes(Duration.ofMillis(9_900));
        assertTrue(talk.services.endings.isEmpty());
        talk.passes(Duration.ofMillis(200));

        assertEquals(EndCause.SETUP_TIMEOUT, talk.services.endings.getFirst().cause());
    }

    @Test
    void microphoneSilenceIsNotActivityButTextIs() {
        talk.goLive();
        talk.services.advance(Duration.ofMinutes(9));
        talk.says(typed("still here"));
        talk.services.advance(Duration.ofMinutes(9));
        talk.says(sound("silence"));
        talk.session.checkDeadlines();
        assertTrue(talk.services.endings.isEmpty());

        talk.passes(Duration.ofMinutes(2));

        assertEquals(EndCause.IDLE_TIMEOUT, talk.services.endings.getFirst().cause());
    }

    @Test
    void aRunningToolIsNotIdleness() {
        talk.goLive();
        talk.model.says(new ServerMessage.ToolCall(Calls.of("1"), "{}"));

        talk.passes(Duration.ofMinutes(30));
        assertTrue(talk.services.endings.isEmpty());
        talk.says(new ClientMessage.ToolResponse(Calls.results("1")));
        await().until(() -> !talk.session.scope().memory().callPending());
        talk.passes(Duration.ofMinutes(11));

        assertEquals(EndCause.IDLE_TIMEOUT, talk.services.endings.getFirst().cause());
    }

    @Test
    void theLongestConversationEnds() {
        talk.goLive();
        for (int i = 0; i < 13; i++) {
            talk.services.advance(Duration.ofMinutes(9));
            talk.model.says(new ServerMessage.Text("on and on", false));
            talk.session.checkDeadlines();
        }
        assertTrue(talk.services.endings.isEmpty());

        talk.passes(Duration.ofMinutes(5));

        assertEquals(EndCause.MAX_DURATION, talk.services.endings.getFirst().cause());
    }

    @Test
    void aFailedWriteWithoutACloseEndsTheSessionAfterAWhile() {
        talk.goLive();
        talk.client.stall();
        talk.model.says(voice("x"));
        await().until(() -> talk.client.outstanding() == 1);
        talk.client.fail(new IllegalStateException("broken pipe"));

        talk.session.checkDeadlines();
        assertTrue(talk.services.endings.isEmpty());
        talk.passes(Duration.ofSeconds(3));

        assertEquals(EndCause.CLIENT_LOST, talk.services.endings.getFirst().cause());
    }
}
