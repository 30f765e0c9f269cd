package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever order, a conversation never has two upstreams, ends once and leaves nothing behind. */
class OneUpstreamPropertyTest {

    private static final int TALKS = 80;
    private static final int EVENTS = 100;

    private static final List<UpstreamEnd> ENDS = List.of(
            ConversationFixture.BROKEN,
            ConversationFixture.INTERNAL_ERROR,
            ConversationFixture.UNKNOWN_HANDLE,
            new UpstreamEnd(1000, EndCause.UPSTREAM_CLOSED, RetryClass.RESUME, "Bye."),
            new UpstreamEnd(1007, EndCause.UPSTREAM_REJECTED, RetryClass.FRESH, "Invalid session handle."),
            new UpstreamEnd(1011, EndCause.UPSTREAM_QUOTA, RetryClass.LATER, "Too much."));

    @Test
    void noSequenceOfEventsLeadsToTwoUpstreams() {
        int renewals = 0;
        int endedByItself = 0;
        for (int seed = 0; seed < TALKS; seed++) {
            Random random = new Random(seed);
            List<String> script = new ArrayList<>();
            ConversationFixture talk = new ConversationFixture();
            for (int event = 0; event < EVENTS; event++) {
                script.add(happens(random, talk));
            }
            renewals += talk.model.dialled.get() - 1;
            endedByItself += talk.services.endings.size();
            assertEnds(talk, "seed " + seed + ": " + script);
        }
        // The property would be worth little if nothing had been tried
        assertTrue(renewals > TALKS, renewals + " further connections");
        assertTrue(endedByItself > 0 && endedByItself < TALKS, endedByItself + " ended by themselves");
    }

    private static void assertEnds(ConversationFixture talk, String script) {
        talk.session.end(EndCause.DRAIN, "enough");
        soon().untilAsserted(() -> {
            assertEquals(0, talk.model.open.get(), script);
            assertEquals(0, talk.services.account().used(), script);
            assertEquals(1, talk.client.closes.size(), script);
            assertEquals(1, talk.services.endings.size(), script);
        });
        assertEquals(1, talk.model.mostOpen.get(), script);
        long fatal = talk.client.written.stream()
                .filter(message -> message instanceof GatewayMessage.Problem problem && problem.fatal())
                .count();
        // A client that did not read its farewell in time is closed without it
        assertTrue(fatal <= 1, script);
        assertEquals(1, talk.told(GatewayMessage.Ready.class), script);
    }

    /** The connection that is open breaks, and the session has time to do something about it. */
    private static void hangsUp(ConversationFixture talk, UpstreamEnd end) {
        soon().until(() -> talk.model.open.get() == 1 || talk.session.state() instanceof Ended);
        int dialled = talk.model.dialled.get();
        talk.model.closes(end);
        soon().until(() -> talk.model.dialled.get() > dialled || talk.session.state() instanceof Ended);
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private static String happens(Random random, ConversationFixture talk) {
        int event = random.nextInt(18);
        switch (event) {
            case 0, 1, 2 -> talk.hears(new ServerMessage.SetupComplete("{}"));
            case 3 -> talk.hears(ConversationFixture.voice("AAAA"));
            case 4 -> talk.hears(new ServerMessage.GenerationComplete(), new ServerMessage.TurnComplete(null));
            case 5 -> talk.hears(ConversationFixture.handle("h" + random.nextInt(100)));
            case 6 -> talk.hears(ConversationFixture.noHandleNow());
            case 7 -> talk.hears(new ServerMessage.GoAway(Duration.ofMillis(random.nextInt(5_000))));
            case 8 -> talk.hears(new ServerMessage.ToolCall(Calls.of("c" + random.nextInt(3)), "{}"));
            case 9 -> talk.hears(new ServerMessage.Transcription(TranscriptSource.INPUT, "um", false, "{}"));
            case 10 -> talk.hears(new ServerMessage.Interrupted());
            case 11 -> talk.says(ConversationFixture.typed("t"));
            case 12 -> talk.says(ConversationFixture.sound("AAAA"), ConversationFixture.picture("AAAA"));
            case 13 -> talk.says(new ClientMessage.ToolResponse(Calls.results("c" + random.nextInt(3))));
            case 14 -> talk.passes(Duration.ofMillis(random.nextInt(15_000)));
            case 15 -> talk.passes(Duration.ofMillis(200));
            case 16 -> hangsUp(talk, ENDS.get(random.nextInt(random.nextInt(4) == 0 ? ENDS.size() : 4)));
            default -> {
                if (random.nextInt(3) == 0) {
                    talk.model.refuseOnce(ENDS.get(random.nextInt(3)));
                }
            }
        }
        return String.valueOf(event);
    }
}
