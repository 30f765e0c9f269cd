package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.rules.Permissions;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.message.WithoutPictures;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.account.SessionAccount.Part;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.memory.TranscriptTail;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamConnector;
import dev.livebridge.session.upstream.UpstreamListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What one session can make the process keep, through what a client or a model says. */
class SessionBoundsTest {

    private static final long MEBIBYTE = 1024 * 1024;
    private static final SessionLimits LIMITS = FakeServices.limits(256 * 1024, MEBIBYTE, 24 * MEBIBYTE);

    private final FakeModel model = FakeModel.speaking();

    private ConversationFixture talk(long processBytes) {
        return new ConversationFixture(model, new FakeServices(model, LIMITS, processBytes));
    }

    // ---- what the gateway says itself ------------------------------------------------------------------------

    @Test
    void answersToBadMessagesAreBoundedAndThenTheSessionEnds() {
        ConversationFixture talk = talk(100 * MEBIBYTE);

        for (int i = 0; i < 1_000_000 && talk.services.endings.isEmpty(); i++) {
            talk.session.reportProblem("bad_json", "the message is not JSON");
        }

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.BAD_MESSAGE, talk.client.closes.getFirst().cause());
        assertEquals(20, told(talk, problem -> problem.code().equals("bad_json")));
        assertEquals(1, told(talk, problem -> problem.code().equals("too_many_bad_messages")));
        assertEquals(1, told(talk, GatewayMessage.Problem::fatal));
        talk.over();
    }

    @Test
    void aClientThatSeldomMakesMistakesIsAnsweredEachTime() {
        ConversationFixture talk = talk(100 * MEBIBYTE);

        for (int batch = 0; batch < 10; batch++) {
            for (int i = 0; i < 20; i++) {
                talk.session.reportProblem("bad_json", "the message is not JSON");
            }
            talk.services.advance(Duration.ofSeconds(11));
        }

        await().until(() -> told(talk, problem -> problem.code().equals("bad_json")) == 200);
        assertInstanceOf(Live.class, talk.session.state());
        talk.over();
    }

    @Test
    void answersToPingsCountInTheQueueTowardTheClient() {
        ConversationFixture talk = talk(100 * MEBIBYTE);
        talk.client.stall();
        long most = 0;

        for (int i = 0; i < 1_000_000 && talk.services.endings.isEmpty(); i++) {
            talk.says(new ClientMessage.Ping(1, 1));
            most = Math.max(most, talk.services.account().used());
        }

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.SLOW_CONSUMER, talk.client.closes.getFirst().cause());
        // Beside the queue there is what is being written, the setup and the transcript
        assertTrue(most < MEBIBYTE + 300 * 1024, most + " bytes");
        talk.over();
    }

    private static long told(ConversationFixture talk, Predicate<GatewayMessage.Problem> which) {
        return talk.client.written.stream()
                .filter(message -> message instanceof GatewayMessage.Problem problem && which.test(problem))
                .count();
    }

    // ---- what the client says --------------------------------------------------------------------------------

    @Test
    void textThatWantsNoAnswerIsBoundedInBytes() {
        ConversationFixture talk = talk(100 * MEBIBYTE);
        String text = "a".repeat(1_000_000);

        for (int i = 0; i < 16; i++) {
            int before = talk.model.received.size();
            talk.says(new ClientMessage.ClientContent(
                    "{\"turns\":[{\"parts\":[{\"text\":\"" + text + "\"}]}]}",
                    List.of(new TranscriptEntry(Role.USER, text))));
            await().until(() -> talk.model.received.size() > before);
        }

        await().until(() -> talk.session.account().of(Part.QUEUE_UP) == 0);
        long kept = talk.session.account().of(Part.MEMORY);
        assertTrue(kept > MEBIBYTE, "the newest is kept for a loss of the connection: " + kept);
        assertTrue(kept < 2 * MEBIBYTE + 100_000, kept + " bytes");
        talk.over();
    }

    /** 43,000 of them fit into one message of the largest size. */
    @Test
    void manyTinyTextsCountWithWhatTheyTakeAndCostLittleWork() {
        ConversationFixture talk = talk(100 * MEBIBYTE);
        List<TranscriptEntry> tiny = new ArrayList<>(Collections.nCopies(43_000, new TranscriptEntry(Role.USER, "a")));

        talk.says(new ClientMessage.ClientContent("x".repeat(1_000_000), tiny));
        await().until(() -> talk.model.received.size() == 1);

        await().until(() -> talk.session.account().of(Part.QUEUE_UP) == 0);
        assertTrue(talk.session.account().of(Part.MEMORY) < 100_000, "too large to be kept word for word");
        assertTrue(talk.session.scope().memory().transcript().size() <= TranscriptTail.MAX_ENTRIES);
        talk.over();
    }

    @Test
    void emptyTextsBeforeTheModelAnswersAreNotFree() {
        FakeModel ringing = FakeModel.ringing();
        FakeServices services = new FakeServices(ringing, LIMITS, 100 * MEBIBYTE);
        FakeDownstream client = new FakeDownstream();
        LiveSession session =
                new LiveSession("empty", "live", client, new ConversationMemory(), services.context(), services);
        session.onClientMessages(List.of(new ClientMessage.Setup("{}")), 0);

        for (int i = 0; i < 1_000_000 && services.endings.isEmpty(); i++) {
            session.onClientMessages(List.of(new ClientMessage.RealtimeText("")), 0);
        }

        await().until(() -> client.closes.size() == 1);
        assertEquals(EndCause.POLICY, client.closes.getFirst().cause());
        await().until(() -> services.account().used() == 0);
    }

    @Test
    void theSetupCountsAsOftenAsItIsKeptAndItsNotices() {
        String instruction = "{\"systemInstruction\":\"" + "a".repeat(1_000_000) + "\"}";
        FakeModel fitting = new FakeModel(
                new Negotiated(
                        "simulator",
                        "m",
                        instruction + " ",
                        "{}",
                        null,
                        true,
                        false,
                        true,
                        true,
                        true,
                        List.of("n".repeat(400)),
                        ConnectionTraits.USUAL,
                        Set.of()),
                true);
        FakeServices services = new FakeServices(fitting, LIMITS, 100 * MEBIBYTE);
        FakeDownstream client = new FakeDownstream();
        LiveSession session =
                new LiveSession("setup", "live", client, new ConversationMemory(), services.context(), services);
        session.onClientMessages(List.of(new ClientMessage.Setup(instruction)), 0);
        assertTrue(session.account().of(Part.SETUP) >= 1_000_000, "the wish, at once");
        await().until(fitting::connected);

        fitting.says(new ServerMessage.SetupComplete("{}"));

        await().until(() -> client.written.size() == 1);
        assertTrue(session.account().of(Part.SETUP) >= 2_000_000, "and what went to the model");
        assertTrue(session.account().of(Part.SETUP) < 2_001_000);
        assertTrue(session.account().of(Part.NOTICES) >= 400);
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
        await().until(() -> services.account().used() == 0);
    }

    @Test
    void callsHandlesAndTranscriptCount() {
        ConversationFixture talk = talk(100 * MEBIBYTE);
        long before = talk.session.account().of(Part.MEMORY);

        talk.hears(ConversationFixture.handle("h".repeat(10_000)));
        long withHandle = talk.session.account().of(Part.MEMORY);
        assertTrue(withHandle >= before + 10_000);
        talk.hears(
                new ServerMessage.ToolCall(List.of(new ServerMessage.FunctionCall("i".repeat(5_000), "lookup")), "{}"));
        // Known to the conversation, and to the connection
        assertTrue(talk.session.account().of(Part.MEMORY) >= withHandle + 10_000);
        talk.hears(new ServerMessage.Text("t".repeat(8_000), false));
        assertTrue(talk.session.account().of(Part.MEMORY) >= withHandle + 18_000);
        talk.hears(new ServerMessage.ToolCallCancellation(List.of("i".repeat(5_000)), null));
        talk.over();
    }

    // ---- the process -----------------------------------------------------------------------------------------

    /** As one client that never reads once made the service end another one's conversation, too. */
    @Test
    void theHeaviestSessionEndsAndNoInnocentWithIt() {
        for (int round = 0; round < 40; round++) {
            SessionLimits wide = FakeServices.limits(256 * 1024, 100 * MEBIBYTE, 100 * MEBIBYTE);
            FakeServices shared = new FakeServices(new FakeModels(), wide, MEBIBYTE);
            List<Caller> innocents = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Caller innocent = new Caller("innocent-" + round + "-" + i, shared);
                innocent.session.onClientMessages(
                        List.of(new ClientMessage.Setup("{\"x\":\"" + "i".repeat(20_000) + "\"}")), 0);
                innocents.add(innocent);
            }
            Caller attacker = new Caller("attacker-" + round, shared);
            attacker.client.stall();
            attacker.session.onClientMessages(List.of(new ClientMessage.Setup("{}")), 0);

            for (int i = 0; i < 100_000 && attacker.client.closes.isEmpty(); i++) {
                attacker.session.onClientMessages(List.of(new ClientMessage.Ping(1, 1)), 0);
                innocents.get(i % 10).pingIfAnswered();
            }

            // The writer may close the socket before the end is reported.
            await().until(() -> attacker.client.closes.size() == 1 && !shared.endings.isEmpty());
            assertEquals(
                    EndCause.SLOW_CONSUMER, attacker.client.closes.getFirst().cause());
            assertEquals(1, shared.endings.size(), "round " + round);
            innocents.forEach(innocent -> innocent.session.end(EndCause.DRAIN, "enough"));
            await().until(() -> shared.account().used() == 0);
        }
    }

    /** A client with a socket and a session of its own. */
    private static final class Caller {
        private final FakeDownstream client = new FakeDownstream();
        private final LiveSession session;

        private int pings;

        Caller(String name, FakeServices services) {
            session = new LiveSession(name, "live", client, new ConversationMemory(), services.context(), services);
        }

        /** A client that reads has one ping on its way at most. */
        void pingIfAnswered() {
            if (client.written.size() == pings) {
                pings++;
                session.onClientMessages(List.of(new ClientMessage.Ping(1, 1)), 0);
            }
        }
    }

    /** A model that never picks up, for any number of callers. */
    private static final class FakeModels implements UpstreamConnector {
        @Override
        public Upstream connect(
                ClientMessage.Setup setup,
                Permissions permissions,
                Continuation continuation,
                Executor eventLoop,
                UpstreamListener listener)
                throws InterruptedException {
            new CountDownLatch(1).await();
            throw new InterruptedException("nobody picks up");
        }

        @Override
        public WithoutPictures withoutPictures(ClientMessage message) {
            return new WithoutPictures(message, 0);
        }
    }
}
