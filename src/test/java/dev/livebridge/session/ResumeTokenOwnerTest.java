package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.message.EndCause;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.token.TokenOwner;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A resume token is good for the origin and the caller that it was given to. */
class ResumeTokenOwnerTest {

    private static final String PAGE = "https://talk.example.com:443";

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;
    private final FakeInstance there = cluster.there;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "https://evil.example:443", "http://talk.example.com:80", "https://talk.example.com:8443"
            })
    void aTokenIsGoodForThePageThatItWasGivenTo(String thief) {
        Conversation owner = here.talk(page(PAGE));

        for (FakeInstance each : cluster.instances()) {
            FakeDownstream elsewhere = page(thief);
            LiveSession refused = each.resume(elsewhere, owner.token());

            each.assertRefused(refused);
            await().until(() -> !elsewhere.closes.isEmpty());
            assertEquals(
                    EndCause.RESUME_REFUSED.sentence(),
                    elsewhere.closes.getFirst().reason());
            assertEquals(1, each.refused("foreign"));
        }
        assertInstanceOf(Live.class, owner.session().state());
        assertSame(owner.session(), here.resume(page(PAGE), owner.token()));
    }

    @Test
    void aTokenIsGoodForTheCallerThatItWasGivenToWhateverTheCredential() {
        Conversation owner = here.talk(caller("oidc:alice", CallerKind.BEARER));

        for (FakeInstance each : cluster.instances()) {
            List<FakeDownstream> thieves = List.of(
                    new FakeDownstream(true),
                    caller("oidc:mallory", CallerKind.BEARER),
                    caller("key:alice", CallerKind.KEY),
                    caller("anonymous:7f000001", CallerKind.ANONYMOUS));
            thieves.forEach(thief -> each.assertRefused(each.resume(thief, owner.token())));
            assertEquals(thieves.size(), each.refused("foreign"));
        }
        assertInstanceOf(Live.class, owner.session().state());
        assertSame(owner.session(), here.resume(caller("oidc:alice", CallerKind.TICKET), owner.token()));
    }

    @Test
    void anInstanceTakesASessionOverForItsCallerOnly() throws Exception {
        Conversation owner = here.talk(caller("key:shop", CallerKind.KEY));
        FakeDownstream moved = caller("key:shop", CallerKind.KEY);

        takeOver(moved, owner);

        assertEquals(
                "h1",
                there.services
                        .tokens()
                        .open(moved.token(), new TokenOwner("none", "key:shop"))
                        .handle());
        there.assertRefused(there.resume(moved.token()));
    }

    @Test
    void anAnonymousCallerMayResumeFromAnotherAddress() {
        Conversation owner = here.talk(caller("anonymous:c0000201", CallerKind.ANONYMOUS));

        FakeDownstream again = caller("anonymous:c6336401", CallerKind.ANONYMOUS);
        assertSame(owner.session(), here.resume(again, owner.token()));
    }

    @Test
    void afterAMoveATokenIsStillBoundToItsPage() {
        Conversation owner = here.talk(page(PAGE));
        FakeDownstream moved = page(PAGE);

        takeOver(moved, owner);

        there.assertRefused(there.resume(moved.token()));
    }

    /** The second instance takes the session over and gives its client a token. */
    private void takeOver(FakeDownstream client, Conversation conversation) {
        there.takeOver(client, conversation.token()).checkDeadlines();
        await().until(() -> !client.tokens().isEmpty());
    }

    private static FakeDownstream page(String origin) {
        return new FakeDownstream(true).from(origin);
    }

    private static FakeDownstream caller(String subject, CallerKind kind) {
        return new FakeDownstream(true).of(new Caller(subject, kind, Set.of(), "", null, Caller.DEFAULT_RULE));
    }
}
