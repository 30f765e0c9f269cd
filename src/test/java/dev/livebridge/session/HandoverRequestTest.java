package dev.livebridge.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.EndCause;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.token.HandoverPeers.Handover;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests and answers with which instances hand sessions over, and which of them are refused. */
class HandoverRequestTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;
    private final FakeInstance there = cluster.there;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    // ---- requests ------------------------------------------------------------------------------------------------

    /** D3: a client's token is no request, and a request is no token. */
    @Test
    void aClientsTokenIsNoRequestOfAnInstance() throws Exception {
        Conversation conversation = here.talk();

        assertEquals(new Handover.Unknown(), here.resumption.handOver(conversation.token()));

        assertInstanceOf(Live.class, conversation.session().state());
        assertEquals(1, here.refused("misused"));
        here.assertRefused(here.resume(here.request(conversation.token())));
        assertInstanceOf(Live.class, conversation.session().state());
    }

    @Test
    void aRequestIsGoodForAMinute() throws Exception {
        String request = there.request(here.talk().token());

        here.services.advance(Duration.ofMinutes(1));

        assertEquals(new Handover.Unknown(), here.resumption.handOver(request));
        assertEquals(1, here.refused("expired"));
    }

    @Test
    void aMalformedRequestGetsNothingAndIsCounted() throws InterruptedException {
        assertInstanceOf(Handover.Unknown.class, here.resumption.handOver("nonsense"));
        assertEquals(1, here.refused("malformed"));
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /** An answer from the holder's address can't replace the requested session by another. */
    @Test
    void theAnswerMustBeOfTheSameSession() throws InterruptedException {
        Conversation conversation = here.talk();
        LiveSession other = here.talk().session();
        cluster.foreignAnswers.put(
                FakeCluster.HERE, new Handover.Released(other.release().orElseThrow()));

        there.takeOver(conversation.token());

        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
        assertEquals(1, there.outcome("token"));
    }

    /** An address is used again, by a release with other keys or by another program. */
    @ParameterizedTest
    @MethodSource
    void aForeignAnswerFromTheHoldersAddressChangesNothing(Handover answer) {
        Conversation before = here.talk();
        cluster.foreignAnswers.put(FakeCluster.HERE, answer);

        there.takeOver(before.token());

        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
    }

    static Stream<Handover> aForeignAnswerFromTheHoldersAddressChangesNothing() {
        return Stream.of(new Handover.Unknown(), new Handover.Released("<html>Welcome</html>"));
    }

    /** E2: the instance that holds the session can't be asked, because it has no address. */
    @Test
    void anInstanceWithoutAnAddressCanNotBeAskedWhichIsCounted() {
        FakeInstance nameless = new FakeInstance(null, cluster);
        Conversation conversation = nameless.talk();

        there.takeOver(conversation.token());

        assertEquals(1, there.outcome("token_unasked"));
        // Its client is gone: the session ends after the grace time.
        conversation.loseClient();
        nameless.services.advance(Duration.ofSeconds(16));
        conversation.session().checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, nameless.cause());
    }
}
