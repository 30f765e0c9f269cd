package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.token.HandoverPeers.Handover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client loses its connection and resumes its session at the instance that holds it. */
class SameInstanceResumptionTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    /** The arriving session's pump may run when the held session takes the socket; it must not close the socket. */
    @Test
    void aSocketIsClosedOnlyWhenTheNextOneArrives() {
        Conversation before = here.talk();
        List<FakeDownstream> arrivals = new ArrayList<>();

        for (int i = 0; i < 2_000; i++) {
            FakeDownstream after = new FakeDownstream(true);
            arrivals.add(after);
            assertSame(before.session(), here.resume(after, before.token()));
        }

        FakeDownstream last = arrivals.removeLast();
        await().until(() -> arrivals.stream().noneMatch(socket -> socket.closes.isEmpty()));
        arrivals.forEach(socket -> assertEquals(
                List.of(EndCause.MOVED),
                socket.closes.stream().map(FakeDownstream.Close::cause).toList()));
        assertEquals(List.of(), last.closes);
    }

    @Test
    void aLostClientResumesItsSession() {
        Conversation before = here.talk();
        FakeDownstream after = new FakeDownstream(true);

        before.loseClient();
        here.model.says(voice("unheard"), new ServerMessage.ToolCall(Calls.of("c1"), "{\"functionCalls\":[]}"));
        LiveSession found = here.resume(after, before.token());

        assertSame(before.session(), found);
        assertEquals(1, here.model.dialled.get(), "the connection to the model was kept");
        await().until(() -> after.written.stream().anyMatch(ServerMessage.ToolCall.class::isInstance));
        GatewayMessage.Ready ready = FakeInstance.awaitReady(after);
        assertTrue(ready.resumed());
        assertEquals(before.session().id(), ready.sessionId());
        assertEquals(GatewayMessage.Memory.RESUMED, ready.memory());
        assertTrue(ready.answering(), "the reply is not over");
        assertEquals(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hello")), ready.transcript());
        assertFalse(after.written.contains(voice("unheard")), "audio of the absence would be stale");
        assertEquals(
                List.of(EndCause.REATTACHED),
                here.services.endings.stream().map(Ended::cause).toList());

        here.model.says(voice("heard"));
        await().until(() -> after.written.contains(voice("heard")));
    }

    @Test
    void aReplyThatEndedMeanwhileDoesNotGoOn() {
        Conversation before = here.talk();
        FakeDownstream after = new FakeDownstream(true);
        here.model.says(voice("heard"));

        before.loseClient();
        here.model.says(new ServerMessage.TurnComplete(null));
        here.resume(after, before.token());

        assertFalse(FakeInstance.awaitReady(after).answering());
    }

    @Test
    void theModelIsToldThatTheMicrophoneIsGone() {
        here.talk().loseClient();

        await().until(() -> here.model.received.contains(ClientMessage.Signal.AUDIO_STREAM_END));
    }

    @Test
    void aSessionWaitsForTheGraceTimeAndNoLonger() {
        Conversation before = here.talk();

        before.loseClient();
        here.services.advance(Duration.ofSeconds(15));
        before.session().checkDeadlines();
        assertInstanceOf(Live.class, before.session().state());

        here.services.advance(Duration.ofMillis(1));
        before.session().checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, here.cause());
    }

    /** The two moments of an end at which a session is neither held nor recorded, if the order is wrong. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatArrivesWhileASessionEndsForGoodDoesNotContinueIt(boolean beforeRecord) throws Exception {
        Conversation before = here.talk();
        String request = here.request(before.token());
        List<LiveSession> resumed = new ArrayList<>();
        List<Handover> answers = new ArrayList<>();
        (beforeRecord ? here.beforeRecord : here.afterRemoval).set(() -> {
            resumed.add(here.resume(before.token()));
            try {
                answers.add(here.resumption.handOver(request));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        before.session().onClientClosed(before.client(), EndCause.CLIENT_CLOSED, true);

        here.assertRefused(resumed.getFirst());
        assertEquals(1, here.refused("over"));
        assertEquals(List.of(new Handover.Refused()), answers);
        assertEquals(1, here.model.dialled.get());
    }

    @Test
    void aClientThatClosesIsNotWaitedFor() {
        Conversation before = here.talk();

        before.session().onClientClosed(before.client(), EndCause.CLIENT_CLOSED, true);
        LiveSession refused = here.resume(before.token());

        here.assertRefused(refused);
        assertEquals(1, here.refused("over"));
    }

    @Test
    void theNewestSocketWins() {
        Conversation first = here.talk();
        FakeDownstream second = new FakeDownstream(true);

        here.resume(second, first.token());
        await().until(() -> !first.client().closes.isEmpty());

        assertEquals(EndCause.MOVED, first.client().closes.getFirst().cause());
        assertTrue(first.session().serves(second));
        assertFalse(first.session().serves(first.client()));
        // The close of the older socket is no loss.
        first.loseClient();
        here.model.says(voice("goes on"));
        await().until(() -> second.written.contains(voice("goes on")));
    }

    @Test
    void aWriteThatFailsAfterTheClientHasResumedEndsNothing() {
        Conversation first = here.talk();
        first.client().stall();
        here.model.says(voice("stuck"));
        await().until(() -> first.client().outstanding() == 1);

        here.resume(first.token());
        first.client().fail(new IllegalStateException("closed"));
        here.services.advance(Duration.ofSeconds(5));
        first.session().checkDeadlines();

        assertInstanceOf(Live.class, first.session().state());
    }
}
