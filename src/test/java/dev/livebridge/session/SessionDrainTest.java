package dev.livebridge.session;

import static dev.livebridge.session.ConversationFixture.voice;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.FakeInstance.Conversation;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance that stops moves its sessions to other instances, in a pause of the conversation. */
class SessionDrainTest {

    private final FakeCluster cluster = new FakeCluster();
    private final FakeInstance here = cluster.here;

    @AfterEach
    void everythingIsReleased() {
        cluster.close();
    }

    @Test
    void aStoppingInstanceMovesItsSessionInThePause() {
        Conversation before = here.talk();
        FakeDownstream client = before.client();
        drainDuringAReply(before.session());
        awaitMigrate(client);

        assertEquals(0, here.model.open.get(), "the connection to the model is closed first");
        assertEquals(List.of(), client.closes, "the client has a moment");
        cluster.there.takeOver(
                client.written(GatewayMessage.Migrate.class).getFirst().token());
        assertClosedByDrain(client);
    }

    @Test
    void aClientThatDoesNotMoveIsClosedAfterAMoment() {
        Conversation before = here.talk();
        LiveSession session = before.session();
        drainUntil(session, Duration.ZERO);
        session.checkDeadlines();
        awaitMigrate(before.client());

        // The interval lets the session's threads keep up with the clock.
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            here.services.advance(Duration.ofSeconds(1));
            session.checkDeadlines();
            return session.state() instanceof Ended;
        });

        assertEquals(EndCause.DRAIN, here.cause());
    }

    @Test
    void atTheDeadlineATurnIsCut() {
        Conversation before = here.talk();
        here.model.says(voice("endless"));
        drainUntil(before.session(), Duration.ofNanos(1));

        here.services.advance(Duration.ofNanos(1));
        before.session().checkDeadlines();

        awaitMigrate(before.client());
    }

    @Test
    void aClientWithoutTokensIsClosedInThePause() {
        FakeDownstream client = new FakeDownstream(false);
        drainDuringAReply(here.begin(client));

        assertClosedByDrain(client);
    }

    /** The drain begins during a reply, which is not cut; then the reply ends, and the pause is long enough. */
    private void drainDuringAReply(LiveSession session) {
        here.model.saysAt(here.services.now(), voice("in the middle"));
        drainUntil(session, Duration.ofSeconds(45));
        session.checkDeadlines();
        assertInstanceOf(Live.class, session.state(), "a reply is not cut");

        here.model.saysAt(here.services.now(), new ServerMessage.TurnComplete(null));
        here.services.advance(Duration.ofSeconds(3));
        session.checkDeadlines();
    }

    private void drainUntil(LiveSession session, Duration deadline) {
        long now = here.services.now();
        session.drain(new DrainWindow(now, now + deadline.toNanos()));
    }

    private static void awaitMigrate(FakeDownstream client) {
        await().until(() -> !client.written(GatewayMessage.Migrate.class).isEmpty());
    }

    private void assertClosedByDrain(FakeDownstream client) {
        assertEquals(EndCause.DRAIN, here.cause());
        await().until(() -> !client.closes.isEmpty());
        assertEquals(EndCause.DRAIN, client.closes.getFirst().cause());
    }
}
