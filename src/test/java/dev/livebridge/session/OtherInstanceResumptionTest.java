package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.budget.LimitReached;
import dev.livebridge.session.memory.Continuation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client resumes its session at another instance, which takes it over from the instance that holds it. */
class OtherInstanceResumptionTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;
    private final FakeInstance there = cluster.there;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    // ---- takeover ------------------------------------------------------------------------------------------------

    @Test
    void anotherInstanceTakesOverAfterTheFirstHasReleasedTheSession() {
        Conversation before = here.talk();
        FakeDownstream after = new FakeDownstream(true);
        here.model.says(ConversationFixture.handle("newer-than-the-token"));

        LiveSession taken = there.takeOver(after, before.token());

        assertEquals(before.session().id(), taken.id());
        assertEquals(EndCause.MOVED, here.cause());
        assertEquals(0, here.model.open.get(), "never two connections to the model");
        assertEquals(List.of(new Continuation.Resumed("newer-than-the-token", "m")), there.model.continuations);
        GatewayMessage.Ready ready = FakeInstance.awaitReady(after);
        assertTrue(ready.resumed());
        assertEquals(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hello")), ready.transcript());
        await().until(() -> before.client().closes.size() == 1);
        assertEquals(EndCause.MOVED, before.client().closes.getFirst().cause());
    }

    @Test
    void whenTheFirstIsDeadTheSessionContinuesFromTheToken() {
        Conversation before = here.talk();
        cluster.disconnect(FakeCluster.HERE);

        there.takeOver(before.token());

        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
    }

    @Test
    void withoutAHandleTheTranscriptIsSentAgain() {
        FakeDownstream before = new FakeDownstream(true);
        LiveSession session = here.begin(before);
        here.model.says(new ServerMessage.Transcription(TranscriptSource.INPUT, "Hello", false, "{}"));
        session.checkDeadlines();
        await().until(() -> !before.tokens().isEmpty());
        cluster.disconnect(FakeCluster.HERE);
        FakeDownstream after = new FakeDownstream(true);

        there.resume(after, before.token());
        there.confirmSetup();

        assertEquals(
                GatewayMessage.Memory.REBUILT, FakeInstance.awaitReady(after).memory());
    }

    @Test
    void theSameTokenAgainAtTheFirstInstanceFindsTheSecond() {
        Conversation before = here.talk();
        LiveSession second = there.takeOver(before.token());

        // The second instance's answer was lost; the client tries again and reaches the first.
        LiveSession third = here.resume(before.token());

        await().until(() -> second.state() instanceof Ended);
        assertEquals(EndCause.MOVED, there.cause());
        here.confirmSetup();
        assertEquals(2, here.model.dialled.get());
        await().until(() -> third.state() instanceof Live);
        assertEquals(0, there.model.open.get());
    }

    @ParameterizedTest
    @EnumSource(
            value = EndCause.class,
            names = {"CLIENT_CLOSED", "IDLE_TIMEOUT", "MAX_DURATION", "POLICY"})
    void aSessionThatHasEndedForGoodIsResumedNowhere(EndCause cause) {
        Conversation before = here.talk();
        before.session().end(cause, cause.sentence());

        there.awaitRefused(there.resume(before.token()));
    }

    // ---- limits --------------------------------------------------------------------------------------------------

    @Test
    void theUsageIsHandedOverToTheNextInstance() {
        FakeBudget budget = new FakeBudget("counted");
        budget.spent = new UsageTotals(60_000, 900, 1_200);
        Conversation before = here.talk(new FakeDownstream(true).within(budget));
        budget.spent = new UsageTotals(61_000, 950, 1_300);
        FakeBudget arriving = new FakeBudget("socket");

        there.resume(new FakeDownstream(true).within(arriving), before.token());

        await().until(() -> arriving.successors.size() == 1
                && arriving.successors.getFirst().spent.equals(new UsageTotals(61_000, 950, 1_300)));
        assertEquals(before.session().id(), arriving.successors.getFirst().conversation());
        await().until(() -> there.model.open.get() == 1);
    }

    @Test
    void aSessionThatTheLimitsDoNotAdmitStaysWhereItIs() {
        Conversation before = here.talk();
        FakeBudget full = new FakeBudget("socket");
        full.limitReached = new LimitReached("Too many.", null);
        FakeDownstream arriving = new FakeDownstream(true).within(full);

        there.resume(arriving, before.token());

        await().until(() -> arriving.closes.size() == 1);
        assertEquals(EndCause.CONCURRENCY, arriving.closes.getFirst().cause());
        assertInstanceOf(Live.class, before.session().state());
        assertEquals(0, there.model.dialled.get());
    }

    @Test
    void theMaximumDurationIsTheSameOnEveryInstance() {
        Conversation before = here.talk();
        here.services.advance(Duration.ofMinutes(119));
        there.services.advance(Duration.ofMinutes(119));
        here.model.says(voice("still here"));
        before.session().checkDeadlines();
        await().until(() -> before.client().tokens().size() == 2);
        LiveSession taken = there.takeOver(before.client().token());

        there.services.advance(Duration.ofMinutes(2));
        taken.checkDeadlines();

        assertEquals(
                EndCause.MAX_DURATION,
                assertInstanceOf(Ended.class, taken.state()).cause());
    }
}
