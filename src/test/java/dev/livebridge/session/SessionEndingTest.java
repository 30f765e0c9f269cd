package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.isProblem;
import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each end of a session: its cause, its messages, and the release of everything. */
class SessionEndingTest {

    private ConversationFixture talk = ConversationFixture.unopened(FakeModel.speaking());

    @AfterEach
    void everythingIsReleased() {
        talk.awaitReleased();
    }

    @Test
    void aClientThatLeavesWhileTheModelIsRingingLeaksNothing() {
        talk = ConversationFixture.unopened(FakeModel.ringing());
        talk.begin();
        await().until(() -> talk.model.dialled.get() == 1);

        talk.hangUp();

        await().until(() -> talk.model.abandoned.get() == 1);
        assertEquals(EndCause.CLIENT_CLOSED, talk.services.endings.getFirst().cause());
    }

    @Test
    void aModelThatHangsUpIsReportedAfterWhatItSaid() {
        talk.goLive();

        talk.model.says(voice("last words"));
        talk.model.closes(new UpstreamEnd(1007, EndCause.UPSTREAM_REJECTED, RetryClass.NEVER, "It was refused."));

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(
                List.of(
                        voice("last words"),
                        new ServerMessage.TurnComplete("CONNECTION_LOST"),
                        new GatewayMessage.Problem(
                                "upstream_rejected", "It was refused.", "Start a new conversation.", null, true)),
                talk.client.written.subList(1, talk.client.written.size()));
        assertEquals(
                new FakeDownstream.Close(EndCause.UPSTREAM_REJECTED, "It was refused."), talk.client.closes.getFirst());
        assertFalse(talk.session.end(EndCause.INTERNAL, "again"));
    }

    @Test
    void aRefusalBeforeTheSessionBeginsNamesItsCause() {
        talk.model.refuse(new UpstreamEnd(1007, EndCause.UPSTREAM_CREDENTIALS, RetryClass.NEVER, "Bad key."));

        talk.begin();

        talk.awaitClosed(EndCause.UPSTREAM_CREDENTIALS);
        assertTrue(talk.told(isProblem("upstream_credentials")));
    }

    @Test
    void aModelThatDoesNotConfirmTheSetupIsGivenUp() {
        FakeModel model = FakeModel.speaking();
        SessionLimits limits = FakeServices.limits(Duration.ofMillis(20), 1_000, 10_000, 1_000_000);
        talk = ConversationFixture.unopened(model, new FakeServices(model, limits, 1_000_000));

        talk.begin();

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(
                new FakeDownstream.Close(
                        EndCause.UPSTREAM_REJECTED,
                        "Gemini neither confirmed nor refused the setup within 0 seconds. Leave out what the model may"
                                + " not know (proactivity, enableAffectiveDialog), or ask for another model."),
                talk.client.closes.getFirst());
        assertEquals(1, talk.model.dialled.get());
    }

    @ParameterizedTest
    @EnumSource(EndCause.class)
    void everyCauseEndsOnceAndClosesWhatIsItsOwn(EndCause cause) {
        talk.goLive();

        boolean first = talk.session.end(cause, "because");
        boolean second = talk.session.end(EndCause.INTERNAL, "again");

        assertTrue(first);
        assertFalse(second);
        assertEquals(1, talk.services.endings.size());
        assertEquals(cause, talk.services.endings.getFirst().cause());
        int closes = cause.leavesSocketOpen() ? 0 : 1;
        await().until(() -> talk.client.closes.size() == closes && talk.model.open.get() == 0);
    }

    @Test
    void endingsFromAllSidesAtOnceCountOnce() throws InterruptedException {
        talk.goLive();
        List<Thread> enders = Stream.of(
                        EndCause.CLIENT_LOST, EndCause.UPSTREAM_LOST, EndCause.IDLE_TIMEOUT, EndCause.DRAIN)
                .map(cause -> Thread.ofVirtual().unstarted(() -> talk.session.end(cause, "race")))
                .toList();

        enders.forEach(Thread::start);
        for (Thread ender : enders) {
            ender.join();
        }

        assertEquals(1, talk.services.endings.size());
    }

    @Test
    void aClientThatReadsNothingAtTheEndIsClosedWhenItsTimeIsUp() {
        talk = ConversationFixture.bounded(FakeModel.speaking(), 1_000, 10_000_000);
        talk.goLive();
        talk.client.stall();
        for (int i = 0; i < 3; i++) {
            talk.model.says(voice("A".repeat(40_000)));
        }
        await().until(() -> talk.client.outstanding() == 2);
        talk.session.end(EndCause.UPSTREAM_LOST, "gone");
        assertEquals(List.of(), talk.client.closes);

        talk.services.advance(Duration.ofSeconds(6));

        await().until(() -> talk.client.closes.size() == 1);
    }
}
