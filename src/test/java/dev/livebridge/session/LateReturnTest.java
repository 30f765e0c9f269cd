package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.budget.LimitReached;
import dev.livebridge.session.memory.Continuation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client leaves without ending its conversation, and returns after the grace time, while its token is valid. */
class LateReturnTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;
    private final FakeInstance there = cluster.there;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    private Conversation left() {
        return left(new FakeDownstream(true), EndCause.CLIENT_CLOSED);
    }

    /** A conversation whose client has left; the grace time is over. */
    private Conversation left(FakeDownstream client, EndCause cause) {
        Conversation before = here.talk(client);
        before.session().onClientClosed(before.client(), cause, false);
        here.services.advance(Duration.ofSeconds(16));
        before.session().checkDeadlines();
        assertEquals(cause, here.cause());
        return before;
    }

    @ParameterizedTest
    @EnumSource(
            value = EndCause.class,
            names = {"CLIENT_CLOSED", "CLIENT_LOST"})
    void theConversationContinuesFromItsToken(EndCause cause) {
        Conversation before = left(new FakeDownstream(true), cause);
        FakeDownstream after = new FakeDownstream(true);

        LiveSession session = here.takeOver(after, before.token());

        assertEquals(before.session().id(), session.id());
        assertEquals(new Continuation.Resumed("h1", "m"), here.model.continuations.getLast());
        GatewayMessage.Ready ready = FakeInstance.awaitReady(after);
        assertTrue(ready.resumed());
        assertEquals(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hello")), ready.transcript());
        assertEquals(1, here.outcome("token"));
        assertEquals(1, here.model.open.get(), "the connection of the session before is closed");
    }

    @Test
    void anotherInstanceContinuesItAsWell() {
        Conversation before = left();

        LiveSession session = there.takeOver(before.token());

        assertEquals(before.session().id(), session.id());
        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
    }

    @Test
    void itsTokenIsGoodForOneUse() {
        Conversation before = left();
        FakeDownstream owner = new FakeDownstream(true);
        LiveSession session = here.takeOver(owner, before.token());
        FakeInstance.probe(session, owner);

        here.assertRefused(here.resume(before.token()));
        there.awaitRefused(there.resume(before.token()));

        assertEquals(1, here.refused("replayed"));
        assertTrue(session.serves(owner));
    }

    @Test
    void aTokenThatWasUsedElsewhereIsRefusedHere() {
        Conversation before = left();
        FakeDownstream owner = new FakeDownstream(true);
        LiveSession session = there.takeOver(owner, before.token());
        FakeInstance.probe(session, owner);

        for (FakeInstance each : cluster.instances()) {
            each.awaitRefused(each.resume(before.token()));
        }

        assertInstanceOf(Live.class, session.state());
        assertEquals(1, there.model.open.get());
        assertEquals(0, here.model.open.get());
    }

    @Test
    void whoseAnswerWasLostElsewhereReturnsHere() {
        Conversation before = left();
        LiveSession lost = there.takeOver(new FakeDownstream(true).deaf(), before.token());

        LiveSession back = here.takeOver(before.token());

        assertEquals(lost.id(), back.id());
        assertEquals(EndCause.MOVED, there.cause());
        assertEquals(0, there.model.open.get(), "never two connections to the model");
    }

    @Test
    void anOlderTokenStaysRetired() {
        Conversation before = here.talk();
        here.renewToken(before);
        FakeDownstream owner = new FakeDownstream(true);
        here.resume(owner, before.client().token());
        before.session().onClientClosed(owner, EndCause.CLIENT_CLOSED, false);
        here.services.advance(Duration.ofSeconds(16));
        before.session().checkDeadlines();

        here.assertRefused(here.resume(before.token()));

        assertEquals(1, here.refused("replayed"));
    }

    @Test
    void aTokenThatHasExpiredContinuesNothing() {
        Conversation before = left();
        here.services.advance(Duration.ofMinutes(10));

        here.assertRefused(here.resume(before.token()));

        assertEquals(1, here.refused("expired"));
    }

    @Test
    void aClientThatReturnedAndThenEndedItDoesNotContinueIt() {
        Conversation before = here.talk();
        before.session().onClientClosed(before.client(), EndCause.CLIENT_CLOSED, false);
        FakeDownstream after = new FakeDownstream(true);
        here.resume(after, before.token());
        FakeInstance.probe(before.session(), after);

        before.session().onClientClosed(after, EndCause.CLIENT_CLOSED, true);

        here.assertRefused(here.resume(after.token()));
        assertEquals(1, here.refused("over"));
    }

    @Test
    void itsUsageContinues() {
        FakeBudget counted = new FakeBudget("counted");
        counted.spent = new UsageTotals(60_000, 900, 1_200);
        Conversation before = left(new FakeDownstream(true).within(counted), EndCause.CLIENT_CLOSED);
        FakeBudget arriving = new FakeBudget("socket");

        here.takeOver(new FakeDownstream(true).within(arriving), before.token());

        assertEquals(counted.spent, arriving.successors.getFirst().spent);
        assertEquals(before.session().id(), arriving.successors.getFirst().conversation());
    }

    /** What the caller may use is asked before the token is used: a refusal costs nothing. */
    @Test
    void aTokenThatTheLimitsDoNotAdmitStaysGood() {
        Conversation before = left();
        FakeBudget full = new FakeBudget("socket");
        full.limitReached = new LimitReached("Too many.", null);
        FakeDownstream refused = new FakeDownstream(true).within(full);

        here.resume(refused, before.token());

        await().until(() -> refused.closes.size() == 1);
        assertEquals(EndCause.CONCURRENCY, refused.closes.getFirst().cause());
        here.services.advance(Duration.ofSeconds(30));
        assertEquals(before.session().id(), here.takeOver(before.token()).id());
    }
}
