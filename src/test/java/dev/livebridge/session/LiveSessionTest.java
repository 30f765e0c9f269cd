package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.isProblem;
import static dev.livebridge.session.ConversationFixture.sound;
import static dev.livebridge.session.ConversationFixture.transcript;
import static dev.livebridge.session.ConversationFixture.typed;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.config.SessionConfig.Carrier;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Live;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The messages between a client and the model, and their order. */
class LiveSessionTest {

    private ConversationFixture talk = ConversationFixture.unopened(FakeModel.speaking());

    @AfterEach
    void everythingIsReleased() {
        talk.hangUp();
        talk.awaitReleased();
    }

    // ---- messages ------------------------------------------------------------------------------------------------

    @Test
    void inputBeforeTheModelIsReadyGoesUpInOrder() {
        // Given a model that does not pick up yet
        talk = ConversationFixture.unopened(FakeModel.ringing());
        talk.begin(sound("one"), typed("two"));
        talk.says(sound("three"));

        // When it does
        talk.model.pickUp();
        talk.confirmed(1);

        // Then everything arrives, in order
        await().until(() -> talk.model.received.size() == 3);
        assertEquals(List.of(sound("one"), typed("two"), sound("three")), talk.model.received);
    }

    @Test
    void theClientIsGreetedBeforeItHearsTheModel() {
        // Given
        talk.begin();
        await().until(talk.model::connected);
        ServerMessage update = new ServerMessage.ResumptionUpdate("handle", true, "{}");

        // When
        talk.model.says(new ServerMessage.SetupComplete("{}"), update);

        // Then
        await().until(() -> talk.client.written.size() == 2);
        assertInstanceOf(GatewayMessage.Ready.class, talk.client.written.getFirst());
        assertEquals(update, talk.client.written.getLast());
    }

    @Test
    void nothingGoesUpBeforeSetupComplete() {
        talk.begin(sound("early"));
        await().until(talk.model::connected);

        assertInstanceOf(Connecting.class, talk.session.state());
        assertEquals(List.of(), talk.model.received);
    }

    @Test
    void eachSocketIsWrittenByItsOwnEventLoopOnly() {
        talk.goLive();

        Set<String> down = writersOfFiftyMessages();

        assertEquals(Set.of("model-loop"), names(talk.model.writers));
        assertEquals(Set.of("livebridge-down-" + talk.session.id(), "client-loop"), down);
        assertFalse(talk.model.overlapped() || talk.client.overlapped(), "two threads wrote to one socket at a time");
    }

    @Test
    void withTheDefaultCarrierEachSocketIsWrittenByItsOwnThreadOnly() {
        FakeModel model = FakeModel.speaking();
        talk = ConversationFixture.unopened(model, new FakeServices(model, Carrier.DEFAULT));
        talk.goLive();

        Set<String> down = writersOfFiftyMessages();

        assertEquals(Set.of("livebridge-up-" + talk.session.id()), names(talk.model.writers));
        assertEquals(Set.of("livebridge-down-" + talk.session.id()), down);
    }

    /** Writes fifty messages each way, ends the session, and returns the threads that wrote to the client. */
    private Set<String> writersOfFiftyMessages() {
        IntStream.range(0, 50).forEach(i -> {
            talk.says(sound("u" + i));
            talk.model.says(voice("d" + i));
        });
        await().until(() -> talk.model.received.size() == 50 && talk.client.written.size() == 51);
        talk.session.end(EndCause.DRAIN, "restart");
        await().until(() -> talk.client.closes.size() == 1);
        return names(talk.client.writers);
    }

    /** To fit it to the model takes too long for an event loop. */
    @Test
    void anUpdateOfTheContextIsWrittenByTheVirtualThread() {
        talk.goLive();

        talk.says(sound("before"), new ClientMessage.ContextUpdate("{}"), sound("after"));
        await().until(() -> talk.model.received.size() == 3);

        assertInstanceOf(ClientMessage.ContextUpdate.class, talk.model.received.get(1));
        assertEquals(
                "livebridge-up-" + talk.session.id(), talk.model.writers.get(1).getName());
        assertFalse(talk.model.overlapped());
    }

    @Test
    void aSecondSetupIsRefusedAndTheSessionLivesOn() {
        talk.goLive();

        talk.says(ConversationFixture.SETUP);

        await().until(() -> talk.told(isProblem("second_setup")));
        assertInstanceOf(Live.class, talk.session.state());
    }

    @Test
    void aPingIsAnsweredAndDoesNotGoUp() {
        talk.goLive();

        talk.says(new ClientMessage.Ping(12.5, 7));

        await().until(() -> talk.client.written.contains(new GatewayMessage.Pong(12.5, 7)));
        assertEquals(List.of(), talk.model.received);
    }

    @Test
    void aModelThatOnlySpeaksAnswersInTextThroughItsTranscript() {
        talk = new ConversationFixture(FakeModel.transcribing());

        talk.model.says(voice("sound"), transcript(TranscriptSource.OUTPUT, " Hi"), voice("more"));
        talk.model.says(new ServerMessage.TurnComplete(null));

        await().until(() -> talk.client.written.contains(new ServerMessage.TurnComplete(null)));
        assertEquals(
                List.of(new ServerMessage.Text(" Hi", false), new ServerMessage.TurnComplete(null)),
                talk.client.written.subList(1, talk.client.written.size()));
    }

    // ---- interruption ----------------------------------------------------------------------------------------

    @Test
    void anInterruptionDropsWaitingSoundAtOnceButNoControl() {
        // Given a client that has stopped reading, so that more than its window waits
        talk = ConversationFixture.bounded(FakeModel.speaking(), 1_000, 10_000_000);
        talk.goLive();
        talk.client.stall();
        String big = "A".repeat(40_000);
        for (int i = 0; i < 5; i++) {
            talk.model.says(voice(big));
        }
        talk.model.says(new ServerMessage.Usage(1, 2, 3, "{}"));
        await().until(() -> talk.client.outstanding() == 2);

        // When the turn is interrupted and late sound follows
        talk.model.says(new ServerMessage.Interrupted());
        talk.model.says(voice("late"));
        talk.model.says(new ServerMessage.TurnComplete(null), voice("next turn"));
        talk.client.resume();

        // Then only what had left already, the control messages and the next turn are written
        await().until(() -> talk.client.written.contains(voice("next turn")));
        assertEquals(
                List.of("Audio", "Audio", "Usage", "Interrupted", "TurnComplete", "Audio"),
                talk.client.written.stream()
                        .skip(1)
                        .map(message -> message.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void anInterruptionWithoutAnOpenTurnMutesNothing() {
        talk.goLive();

        talk.model.says(voice("a"), new ServerMessage.TurnComplete(null));
        talk.model.says(new ServerMessage.Interrupted());
        talk.model.says(voice("b"));

        await().until(() -> talk.client.written.contains(voice("b")));
    }

    private static Set<String> names(List<Thread> threads) {
        return threads.stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
