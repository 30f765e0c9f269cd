package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients get resume tokens, and how often a token can be used. */
class ResumeTokenUseTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;
    private final FakeInstance there = cluster.there;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    // ---- offers --------------------------------------------------------------------------------------------------

    @Test
    void aClientThatTakesTokensGetsOneAfterReady() {
        Conversation conversation = here.talk();

        assertFalse(conversation.token().isEmpty());
    }

    @Test
    void otherClientsGetNone() {
        FakeDownstream client = new FakeDownstream(false);
        LiveSession session = here.begin(client);

        session.checkDeadlines();
        session.onClientClosed(client, EndCause.CLIENT_LOST, false);

        assertEquals(EndCause.CLIENT_LOST, here.cause());
        assertEquals(List.of(), client.tokens());
    }

    @Test
    void aNewTokenKnowsTheNewestHandle() throws Exception {
        Conversation conversation = here.talk();

        here.renewToken(conversation);

        assertEquals(
                "h2",
                here.services
                        .tokens()
                        .open(conversation.client().token(), FakeInstance.NO_OWNER)
                        .handle());
    }

    // ---- one use -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "AQJrMQAAAAAAAAAAAAAAAA"})
    void aMalformedTokenIsRefused(String token) {
        FakeDownstream client = new FakeDownstream(true);

        LiveSession refused = here.resume(client, token);

        await().until(() -> !client.closes.isEmpty());
        assertEquals(EndCause.RESUME_REFUSED, client.closes.getFirst().cause());
        assertEquals(
                EndCause.RESUME_REFUSED.sentence(), client.closes.getFirst().reason());
        assertInstanceOf(Ended.class, refused.state());
        assertEquals(1, here.refused("malformed"));
    }

    @Test
    void anOlderTokenIsRefusedOnceANewerWasUsed() {
        Conversation first = here.talk();
        here.renewToken(first);

        here.resume(first.client().token());
        LiveSession refused = here.resume(first.token());

        assertNotSame(first.session(), refused);
        here.assertRefused(refused);
        assertEquals(1, here.refused("replayed"));
        assertInstanceOf(Live.class, first.session().state());
    }

    @Test
    void anOldTokenIsRefusedAtAnotherInstanceToo() {
        Conversation first = here.talk();
        here.renewToken(first);
        here.resume(first.client().token());

        LiveSession refused = there.resume(first.token());

        there.awaitRefused(refused);
        assertInstanceOf(Live.class, first.session().state());
        assertEquals(0, there.model.dialled.get());
    }

    /** The owner has resumed and holds the next token: a copy of the token that it used is refused. */
    @Test
    void aTokenIsGoodForOneUse() {
        Conversation before = here.talk();
        LiveSession session = before.session();
        FakeDownstream owner = new FakeDownstream(true);
        before.loseClient();
        here.resume(owner, before.token());
        FakeInstance.probe(session, owner);

        for (int i = 0; i < 3; i++) {
            here.assertRefused(here.resume(before.token()));
        }

        assertEquals(3, here.refused("replayed"));
        assertInstanceOf(Live.class, session.state());
        assertTrue(session.serves(owner));
        assertEquals(List.of(), owner.closes);
        assertNotSame(before.token(), owner.token());
    }

    /** The thief is first: the owner's copy is refused once the thief has the next token, and gets no transcript. */
    @Test
    void theSecondClientWithTheSameTokenIsRefused() {
        Conversation owner = here.talk();
        FakeDownstream thief = new FakeDownstream(true);
        here.resume(thief, owner.token());
        FakeInstance.probe(owner.session(), thief);

        FakeDownstream again = new FakeDownstream(true);
        here.assertRefused(here.resume(again, owner.token()));

        assertEquals(List.of(), again.written(GatewayMessage.Ready.class));
    }

    /** Everything that was sent to the client after the first use was lost: it holds the used token alone. */
    @Test
    void aClientWhoseAnswerWasLostResumesWithTheSameToken() {
        Conversation before = here.talk();
        LiveSession session = before.session();
        before.loseClient();

        for (int i = 0; i < 3; i++) {
            FakeDownstream lossy = new FakeDownstream(true).deaf();
            assertSame(session, here.resume(lossy, before.token()));
            FakeInstance.probe(session, lossy);
            here.services.advance(Duration.ofSeconds(8));
            session.onClientClosed(lossy, EndCause.CLIENT_LOST, false);
            here.services.advance(Duration.ofSeconds(8));
        }
        FakeDownstream after = new FakeDownstream(true);
        assertSame(session, here.resume(after, before.token()));
        FakeInstance.probe(session, after);

        here.assertRefused(here.resume(before.token()));
    }

    /** An answer to a probe that comes late, over a socket that another has replaced, retires nothing. */
    @Test
    void theProbeOfAReplacedSocketDoesNotRetireTheToken() {
        Conversation before = here.talk();
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        here.resume(lossy, before.token());
        FakeInstance.probe(before.session(), lossy);
        here.resume(new FakeDownstream(true).deaf(), before.token());

        lossy.probes.getFirst().run();

        assertSame(before.session(), here.resume(before.token()));
    }

    // ---- a used token after the end of its session -------------------------------------------------------------

    @Test
    void afterItsSessionHasEndedAUsedTokenIsGoodForTheGraceTimeOnly() {
        Conversation before = here.talk();
        useTokenAndEndSession(before);

        here.services.advance(Duration.ofSeconds(16));

        here.assertRefused(here.resume(before.token()));
        assertEquals(1, here.refused("replayed"));
    }

    @Test
    void withinTheGraceTimeAUsedTokenIsStillGood() {
        Conversation before = here.talk();
        useTokenAndEndSession(before);

        here.services.advance(Duration.ofSeconds(14));
        LiveSession again = here.resume(before.token());

        assertEquals(before.session().id(), again.id());
        here.confirmSetup();
        await().until(() -> again.state() instanceof Live);
    }

    /** The token is used; the answer and the connection are lost, and the session ends after its grace time. */
    private void useTokenAndEndSession(Conversation before) {
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        here.resume(lossy, before.token());
        before.session().onClientClosed(lossy, EndCause.CLIENT_LOST, false);
        here.services.advance(Duration.ofSeconds(16));
        before.session().checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, here.cause());
    }

    // ---- a used token at the other instances -------------------------------------------------------------------

    /** Once one instance knows that the next token was received, the others ask it and refuse the used token. */
    @Test
    void aTokenThatWasUsedElsewhereIsRefusedEverywhere() {
        Conversation before = here.talk();
        FakeDownstream owner = new FakeDownstream(true);
        LiveSession taken = there.takeOver(owner, before.token());
        FakeInstance.probe(taken, owner);

        for (FakeInstance each : cluster.instances()) {
            each.awaitRefused(each.resume(before.token()));
        }

        assertInstanceOf(Live.class, taken.state());
        assertTrue(taken.serves(owner));
        assertEquals(1, there.model.open.get());
        assertEquals(0, here.model.open.get());
    }

    /** The second instance has the session, its answer to the client was lost, and the client returns to the first. */
    @Test
    void aClientWhoseAnswerWasLostElsewhereGoesOnFromThere() {
        Conversation before = here.talk();
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        LiveSession taken = there.takeOver(lossy, before.token());
        FakeInstance.probe(taken, lossy);

        LiveSession back = here.takeOver(before.token());

        assertEquals(taken.id(), back.id());
        assertEquals(0, there.model.open.get(), "never two connections to the model");
    }

    /** An instance that has handed a session over and can't reach the next holder. */
    @Test
    void whenTheNextHolderIsDeadAUsedTokenIsGoodForTheGraceTimeOnly() {
        Conversation before = here.talk();
        there.takeOver(before.token());
        cluster.disconnect(FakeCluster.THERE);
        here.services.advance(Duration.ofSeconds(16));

        here.awaitRefused(here.resume(before.token()));
    }
}
