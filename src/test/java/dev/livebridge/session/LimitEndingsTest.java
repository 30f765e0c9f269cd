package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TurnComplete;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.budget.BudgetNotice;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a conversation does with what its budget says. */
class LimitEndingsTest {

    private final FakeBudget budget = new FakeBudget("counted");
    private final FakeModel model = FakeModel.speaking();
    private final ConversationFixture talk =
            new ConversationFixture(model, new FakeServices(model), new FakeDownstream().within(budget));

    private void assertLives() {
        assertInstanceOf(SessionState.Live.class, talk.session.state());
    }

    private Ended ended() {
        return assertInstanceOf(Ended.class, talk.session.state());
    }

    @Test
    void aWarningIsTold() {
        budget.notices.add(new BudgetNotice.Warning("Most is used.", null));

        talk.passes(Duration.ofMillis(100));

        await().until(() ->
                talk.told(message -> message.equals(new GatewayMessage.Warning("budget", "Most is used.", null))));
        assertLives();
        talk.over();
    }

    @Test
    void withoutAReplyTheEndComesAtOnceAndSaysWhenToComeBack() {
        budget.notices.add(new BudgetNotice.Exhausted("All is used.", 7_000L));

        talk.passes(Duration.ofMillis(100));

        assertEquals(EndCause.BUDGET, ended().cause());
        assertTrue(ended().cause().forGood(), "no token continues it");
        await().until(() -> talk.told(message -> message.equals(
                new GatewayMessage.Problem("budget", "All is used.", EndCause.BUDGET.remedy(), 7_000L, true))));
        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(4004, talk.client.closes.getFirst().cause().closeCode());
        talk.over();
    }

    @Test
    void aReplyThatRunsIsHeardToItsEnd() {
        talk.says(new ClientMessage.UserTurn("Tell me."));
        talk.hears(ConversationFixture.voice("AAAA"));
        budget.notices.add(new BudgetNotice.Exhausted("All is used.", null));

        talk.passes(Duration.ofMillis(100));
        talk.passes(Duration.ofSeconds(30));
        assertLives();
        talk.hears(ConversationFixture.voice("BBBB"), new ServerMessage.GenerationComplete());
        talk.passes(Duration.ofMillis(100));
        assertLives();
        talk.hears(new TurnComplete(null));
        talk.passes(Duration.ofMillis(100));

        assertEquals(EndCause.BUDGET, ended().cause());
        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(2, talk.told(ServerMessage.Audio.class), "nothing of the reply is lost");
        talk.over();
    }

    @Test
    void aReplyWithoutAnEndIsCutAfterAMinute() {
        talk.hears(ConversationFixture.voice("AAAA"));
        budget.notices.add(new BudgetNotice.Exhausted("All is used.", null));
        talk.passes(Duration.ofMillis(100));
        talk.passes(Duration.ofSeconds(60));
        assertLives();

        talk.passes(Duration.ofSeconds(1));

        assertEquals(EndCause.BUDGET, ended().cause());
        talk.over();
    }

    @Test
    void theBudgetHearsWhatIsWrittenAndWhatIsSaid() {
        talk.says(new ClientMessage.UserTurn("Tell me."));
        await().until(() -> budget.clientMessages.contains(new ClientMessage.UserTurn("Tell me.")));
        ServerMessage.Usage usage = new ServerMessage.Usage(3, 4, 7, "{}");
        talk.hears(new ServerMessage.Text("Yes.", false), new TurnComplete(null), usage);

        assertTrue(budget.serverMessages.contains(usage));
        assertEquals("m", budget.model);
        talk.over();
    }
}
