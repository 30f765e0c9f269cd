package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.picture;
import static dev.livebridge.session.ConversationFixture.sound;
import static dev.livebridge.session.ConversationFixture.typed;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Full queues toward the model and toward the client. */
class SessionQueuesTest {

    private ConversationFixture talk = ConversationFixture.unopened(FakeModel.speaking());

    @AfterEach
    void everythingIsReleased() {
        talk.awaitReleased();
    }

    @Test
    void aFullQueueTowardTheModelGivesUpTheOldestMediaNeverText() {
        beginWhileTheModelDoesNotAnswer();

        // When more waits than the 1,600 bytes allowed, of which each message takes 144 for itself
        talk.says(typed("t".repeat(100)));
        for (int i = 0; i < 10; i++) {
            talk.says(sound(i + "x".repeat(299)));
        }
        talk.model.pickUp();
        talk.confirmed(1);

        // Then the text and the newest sound are left
        await().until(() -> talk.model.received.size() == 4);
        assertEquals(
                List.of("t", "7", "8", "9"),
                talk.model.received.stream()
                        .map(SessionQueuesTest::firstCharacter)
                        .toList());
        talk.hangUp();
    }

    @Test
    void oneFrameLargerThanTheQueueStaysWhole() {
        beginWhileTheModelDoesNotAnswer();

        talk.says(sound("a".repeat(900)), picture("v".repeat(900)));
        talk.model.pickUp();
        talk.confirmed(1);

        await().until(() -> talk.model.received.size() == 2);
        talk.hangUp();
    }

    @Test
    void aClientThatStopsReadingIsEndedWhenItsQueueIsFull() {
        talk = ConversationFixture.bounded(FakeModel.speaking(), 1_000, 200_000);
        talk.goLive();
        talk.client.stall();

        for (int i = 0; i < 12 && talk.services.endings.isEmpty(); i++) {
            talk.model.says(voice("A".repeat(40_000)));
        }

        await().until(() -> talk.client.closes.size() == 1 && !talk.services.endings.isEmpty());
        assertEquals(EndCause.SLOW_CONSUMER, talk.client.closes.getFirst().cause());
        assertEquals(1, talk.services.endings.size());
        assertFalse(talk.session.end(EndCause.INTERNAL, "again"));
    }

    @Test
    void textWithoutEndTowardAStuckModelEndsTheSession() {
        beginWhileTheModelDoesNotAnswer();

        for (int i = 0; i < 100 && talk.services.endings.isEmpty(); i++) {
            talk.says(typed("t".repeat(100)));
        }

        talk.awaitClosed(EndCause.POLICY);
    }

    /** What the client sends waits in a queue of 1,600 bytes. */
    private void beginWhileTheModelDoesNotAnswer() {
        talk = ConversationFixture.bounded(FakeModel.ringing(), 1_600, 10_000);
        talk.begin();
    }

    private static String firstCharacter(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Audio(Base64Text data, String mimeType) ->
                data.text().substring(0, 1);
            case ClientMessage.UserTurn(String text) -> text.substring(0, 1);
            default -> throw new AssertionError("unexpected " + message);
        };
    }
}
