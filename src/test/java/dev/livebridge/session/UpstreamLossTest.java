package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.BROKEN;
import static dev.livebridge.session.ConversationFixture.UNKNOWN_HANDLE;
import static dev.livebridge.session.ConversationFixture.sound;
import static dev.livebridge.session.ConversationFixture.transcript;
import static dev.livebridge.session.ConversationFixture.typed;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection to the model breaks, and another one continues the conversation. */
class UpstreamLossTest {

    private static final UpstreamEnd REFUSED_MESSAGE =
            new UpstreamEnd(1007, EndCause.UPSTREAM_REJECTED, RetryClass.ONCE, "A message was refused.");

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void everythingIsReleased() {
        talk.over();
    }

    // ---- continuation ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1008, 1011})
    void whatCanBeResumedIsResumedAndTheClientIsTold(int code) {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(new UpstreamEnd(code, EndCause.UPSTREAM_CLOSED, RetryClass.RESUME, "Gone."));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertEquals(new Continuation.Resumed("h1", "m"), talk.model.continuations.getLast());
        assertTrue(talk.client.written.contains(new GatewayMessage.Reconnecting(1, 200)));
        assertEquals(
                2,
                talk.client.written.stream()
                        .filter(message -> message instanceof GatewayMessage.Ready
                                || message instanceof ServerMessage.TurnComplete)
                        .count());
    }

    @Test
    void whatWasHeardOfALostReplyStaysAndItsTurnIsClosed() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(voice("AAAA"), transcript(TranscriptSource.OUTPUT, "Once upon"));

        talk.model.closes(BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.hears(voice("BBBB"));

        await().until(() -> talk.client.written.contains(voice("BBBB")));
        List<Object> after = List.copyOf(talk.client.written)
                .subList(talk.client.written.indexOf(voice("AAAA")), talk.client.written.size())
                .stream()
                .filter(message -> !(message instanceof GatewayMessage.Timing))
                .map(Object.class::cast)
                .toList();
        assertEquals(
                List.of(
                        voice("AAAA"),
                        transcript(TranscriptSource.OUTPUT, "Once upon"),
                        new ServerMessage.TurnComplete("CONNECTION_LOST"),
                        new GatewayMessage.Reconnecting(1, 200),
                        new GatewayMessage.Reconnected(Memory.RESUMED),
                        voice("BBBB")),
                after);
    }

    @Test
    void textWithoutAnAnswerIsSentAgainOnceOnly() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(typed("And now?"));
        await().until(() -> talk.model.received.contains(typed("And now?")));

        talk.model.closes(BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        await().until(() -> talk.timesReceived("And now?") == 2);
        talk.model.closes(BROKEN);
        talk.confirmed(3);
        talk.says(typed("Still there?"));

        await().until(() -> talk.timesReceived("Still there?") == 1);
        assertEquals(2, talk.timesReceived("And now?"));
        assertEquals(1, talk.timesReceived("Hi"), "answered, and in the handle");
    }

    @Test
    void textThatIsBeingAnsweredIsNotSentAgain() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(typed("And now?"));
        await().until(() -> talk.timesReceived("And now?") == 1);
        talk.hears(voice("AAAA"));

        talk.model.closes(BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.says(typed("next"));

        await().until(() -> talk.timesReceived("next") == 1);
        assertEquals(1, talk.timesReceived("And now?"));
    }

    @Test
    void aRefusedHandleIsTriedOnceThenTheTranscriptIsTold() {
        ClientMessage history = new ClientMessage.ClientContent("{\"turns\":[]}", List.of());
        talk.model.opensWith(history);
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuseOnce(UNKNOWN_HANDLE);

        talk.model.closes(BROKEN);
        talk.awaitReconnected(3, Memory.REBUILT);
        talk.says(typed("next"));

        await().until(() -> talk.timesReceived("next") == 1);
        assertEquals(
                List.of(
                        new Continuation.New(),
                        new Continuation.Resumed("h1", "m"),
                        new Continuation.Rebuilt(
                                List.of(
                                        new TranscriptEntry(Role.USER, "Hi"),
                                        new TranscriptEntry(Role.MODEL, "Hello.")),
                                "m")),
                talk.model.continuations);
        assertEquals(
                List.of(history, typed("next")),
                talk.model.received.subList(1, talk.model.received.size()),
                "the story comes before what waits");
    }

    @Test
    void soundThatWaitsWhileAnotherConnectionIsMadeIsKept() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(BROKEN);
        talk.says(sound("AAAA"));

        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.contains(sound("AAAA")));
    }

    @Test
    void aPeerThatDoesNotAnswerTheCloseIsNotWaitedForForEver() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closesSlowly();

        talk.model.closes(BROKEN);

        talk.awaitReconnected(2, Memory.RESUMED);
    }

    @Test
    void aClientThatLeavesWhileTheModelIsTriedAgainLeaksNothing() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(BROKEN);
        await().until(() -> talk.model.dialled.get() == 2);

        talk.session.onClientClosed(talk.client, EndCause.CLIENT_LOST, false);

        assertEquals(EndCause.CLIENT_LOST, talk.services.endings.getFirst().cause());
    }

    // ---- a refused message -------------------------------------------------------------------------------------

    @Test
    void aMessageThatGeminiRefusesWithoutNamingItIsSurvivedOnceWithoutTheSoundThatWaits() {
        // Given
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(REFUSED_MESSAGE);
        talk.says(sound("AAAA"));

        // When
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.says(sound("BBBB"));
        await().until(() -> talk.model.received.contains(sound("BBBB")));

        // Then
        assertEquals(new Continuation.Resumed("h1", "m"), talk.model.continuations.getLast());
        assertTrue(talk.model.received.stream().noneMatch(sound("AAAA")::equals));

        // When
        talk.exchange("And now?", "Still here.", "h2");
        talk.model.closes(REFUSED_MESSAGE);

        // Then
        talk.awaitClosed(EndCause.UPSTREAM_REJECTED);
        assertEquals(2, talk.model.dialled.get());
    }

    /** The client is told of the new connection before the session has sent its first messages on it. */
    @Test
    void mediaThatTheClientSendsOnTheNewConnectionIsNotDroppedWithTheRefused() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.onOpeningRead = () -> talk.says(sound("BBBB"));

        talk.model.closes(REFUSED_MESSAGE);
        talk.says(sound("AAAA"));
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.contains(sound("BBBB")));
        assertTrue(talk.model.received.stream().noneMatch(sound("AAAA")::equals));
    }

    @Test
    void aMessageThatGeminiRefusesWithoutNamingItEndsATalkThatHasNoHandle() {
        talk.says(typed("Hi"));
        talk.hears(new ServerMessage.Text("Hello.", false));

        talk.model.closes(REFUSED_MESSAGE);

        talk.awaitClosed(EndCause.UPSTREAM_REJECTED);
        assertEquals(1, talk.model.dialled.get());
    }
}
