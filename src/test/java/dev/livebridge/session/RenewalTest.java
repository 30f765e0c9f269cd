package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ConnectionTraits;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.SessionState.Rotating;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.telemetry.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that is left before Gemini ends it. */
class RenewalTest {

    private static final ServerMessage GO_AWAY = new ServerMessage.GoAway(Duration.ofSeconds(50));

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void nothingIsLeft() {
        talk.over();
    }

    @Test
    void goAwayIsFollowedInThePauseByTheTimerNotByTheNextMessage() {
        talk.services.advance(Duration.ofSeconds(3));
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(GO_AWAY);

        talk.passes(Duration.ofMillis(600));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertEquals(new Continuation.Resumed("h1", "m"), talk.model.continuations.getLast());
        assertEquals(1, talk.told(GatewayMessage.Renewing.class));
        assertEquals(0, talk.told(GatewayMessage.Reconnecting.class));
        assertInstanceOf(Live.class, talk.session.state());
        assertEquals(
                1,
                talk.services
                        .registry
                        .get(Metric.UPSTREAM_ROTATIONS.id())
                        .tag("trigger", "go_away")
                        .tag("outcome", "resumed")
                        .counter()
                        .count());
    }

    @Test
    void aReplyIsNeitherCutNorDoubledButWaitedFor() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(ConversationFixture.typed("Tell me a story"));
        await().until(() -> talk.model.received.contains(ConversationFixture.typed("Tell me a story")));
        talk.hears(ConversationFixture.noHandleNow(), ConversationFixture.voice("AAAA"), GO_AWAY);

        talk.passes(Duration.ofSeconds(10));
        assertInstanceOf(Live.class, talk.session.state());
        talk.hears(ConversationFixture.voice("BBBB"), new ServerMessage.GenerationComplete());
        talk.passes(Duration.ofSeconds(1));
        assertInstanceOf(Live.class, talk.session.state());
        talk.hears(new ServerMessage.TurnComplete(null));
        talk.passes(Duration.ofSeconds(1));
        assertInstanceOf(Live.class, talk.session.state(), "the handle does not know the story yet");
        talk.hears(ConversationFixture.handle("h2"));
        talk.passes(Duration.ofMillis(100));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertEquals(new Continuation.Resumed("h2", "m"), talk.model.continuations.getLast());
        assertEquals(2, talk.told(ServerMessage.Audio.class));
        assertEquals(2, talk.told(ServerMessage.TurnComplete.class), "none was made up");
    }

    @Test
    void atTheDeadlineItIsForcedAndTheOpenTurnIsClosedTowardTheClient() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(ConversationFixture.typed("Tell me a story"));
        await().until(() -> talk.model.received.contains(ConversationFixture.typed("Tell me a story")));
        talk.hears(ConversationFixture.noHandleNow(), ConversationFixture.voice("AAAA"), GO_AWAY);

        talk.passes(Duration.ofSeconds(48));
        assertInstanceOf(Live.class, talk.session.state());
        talk.passes(Duration.ofSeconds(2));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertTrue(talk.client.written.contains(new ServerMessage.TurnComplete("CONNECTION_LOST")));
        assertEquals(
                1,
                talk.model.received.stream()
                        .filter(ConversationFixture.typed("Tell me a story")::equals)
                        .count());
    }

    @Test
    void aGoAwayWithoutTimeIsForcedAtOnce() {
        talk.hears(ConversationFixture.voice("AAAA"), new ServerMessage.GoAway(Duration.ZERO));

        talk.passes(Duration.ofMillis(100));

        talk.awaitReconnected(2, Memory.REBUILT);
    }

    @Test
    void aPendingCallHoldsTheConnectionUntilTheDeadlineForcesIt() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.ToolCall(Calls.of("c1"), "{}"), GO_AWAY);

        talk.passes(Duration.ofSeconds(40));
        assertInstanceOf(Live.class, talk.session.state());
        talk.passes(Duration.ofSeconds(10));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertTrue(talk.client.written.contains(new ServerMessage.ToolCallCancellation(List.of("c1"))));
    }

    @Test
    void theResultOfACallWhoseConnectionIsGoneIsToldOnceAsText() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.ToolCall(Calls.of("c1"), "{}"));
        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);

        talk.says(new ClientMessage.ToolResponse(Calls.results("c1")));
        talk.says(new ClientMessage.ToolResponse(Calls.results("c1")));
        talk.says(ConversationFixture.typed("next"));

        await().until(() -> talk.model.received.contains(ConversationFixture.typed("next")));
        assertTrue(talk.model.received.stream().noneMatch(ClientMessage.ToolResponse.class::isInstance));
        assertEquals(
                List.of(new ClientMessage.LateResult(
                        "f", Calls.results("c1").getFirst().json())),
                talk.model.received.stream()
                        .filter(ClientMessage.LateResult.class::isInstance)
                        .toList());
        await().until(() -> refusedResults() == 1);
    }

    @Test
    void aToldResultThatGetsNoAnswerIsToldAgainAfterALoss() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.ToolCall(Calls.of("c1"), "{}"));
        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.says(new ClientMessage.ToolResponse(Calls.results("c1")));
        ClientMessage told =
                new ClientMessage.LateResult("f", Calls.results("c1").getFirst().json());
        await().until(() -> talk.model.received.contains(told));

        talk.model.closes(ConversationFixture.BROKEN);
        talk.confirmed(3);

        await().until(() -> talk.model.received.stream().filter(told::equals).count() == 2);
    }

    @Test
    void theResultOfACallThatTheModelCancelledGoesNoFurtherAndTheOthersDo() {
        talk.hears(new ServerMessage.ToolCall(Calls.of("a1", "a2"), "{}"));
        talk.hears(new ServerMessage.ToolCallCancellation(List.of("a1")));

        talk.says(new ClientMessage.ToolResponse(Calls.results("a1", "a2")));

        await().until(() -> refusedResults() == 1);
        assertEquals(
                List.of(new ClientMessage.ToolResponse(Calls.results("a2"))),
                talk.model.received.stream()
                        .filter(ClientMessage.ToolResponse.class::isInstance)
                        .toList());
    }

    @Test
    void aCallThatTheModelCancelledBeforeALossIsNotToldEither() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.ToolCall(Calls.of("a1"), "{}"));
        talk.hears(new ServerMessage.ToolCallCancellation(List.of("a1")));
        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);

        talk.says(new ClientMessage.ToolResponse(Calls.results("a1")));

        await().until(() -> refusedResults() == 1);
        assertTrue(talk.model.received.stream().noneMatch(ClientMessage.LateResult.class::isInstance));
    }

    @Test
    void aGoAwayWithMuchTimeRightAtTheStartIsNotHurried() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.GoAway(Duration.ofMinutes(5)));

        talk.passes(Duration.ofSeconds(10));
        assertInstanceOf(Live.class, talk.session.state());
        assertEquals(1, talk.model.dialled.get());
        talk.passes(Duration.ofSeconds(21));

        talk.awaitReconnected(2, Memory.RESUMED);
    }

    private long refusedResults() {
        return talk.client.written.stream()
                .filter(message -> message instanceof GatewayMessage.Problem problem
                        && problem.code().equals("tool_call_gone"))
                .count();
    }

    @Test
    void theResultOfACallOfThisConnectionGoesUp() {
        talk.hears(new ServerMessage.ToolCall(Calls.of("c1", "c2"), "{}"));

        talk.says(new ClientMessage.ToolResponse(Calls.results("c2")));

        await().until(() -> talk.model.received.stream().anyMatch(ClientMessage.ToolResponse.class::isInstance));
    }

    @Test
    void aConnectionOfAModelThatKeepsItForAnHourIsNotRenewedAfterNineMinutes() {
        ConversationFixture lasting =
                new ConversationFixture(FakeModel.with(new ConnectionTraits(Duration.ofMinutes(55), false, false)));
        for (int minute = 0; minute < 54; minute += 9) {
            lasting.exchange("Hi", "Hello.", "h" + minute);
            assertEquals(1, lasting.model.dialled.get());
            lasting.passes(Duration.ofMinutes(9));
        }
        lasting.exchange("Hi", "Hello.", "h54");
        lasting.passes(Duration.ofMinutes(2));

        lasting.awaitReconnected(2, Memory.RESUMED);
        lasting.over();
    }

    @Test
    void aCallThatAnInterruptionDropsSilentlyIsCancelledTowardTheClientOnce() {
        ConversationFixture silent = new ConversationFixture(FakeModel.with(new ConnectionTraits(null, false, true)));
        silent.hears(new ServerMessage.ToolCall(Calls.of("r1"), "{}"));

        silent.hears(new ServerMessage.Interrupted(), new ServerMessage.TurnComplete(null));
        silent.says(new ClientMessage.ToolResponse(Calls.results("r1")));
        silent.hears(new ServerMessage.Interrupted());

        await().until(() -> silent.told(message -> message instanceof GatewayMessage.Problem problem
                && problem.code().equals("tool_call_gone")));
        assertEquals(1, silent.told(ServerMessage.ToolCallCancellation.class));
        assertTrue(silent.model.received.stream().noneMatch(ClientMessage.ToolResponse.class::isInstance));
        silent.over();
    }

    /** The model may call a function as soon as the client has its greeting; that call must be watched already. */
    @Test
    void blockingCallsAreWatchedBeforeTheSessionIsLive() {
        FakeModel model = FakeModel.with(new ConnectionTraits(null, false, true));
        FakeServices services = new FakeServices(model);
        FakeDownstream client = new FakeDownstream();
        LiveSession session =
                new LiveSession("watched", "tutorial", client, new ConversationMemory(), services.context(), services);
        CountDownLatch release = new CountDownLatch(1);
        model.onNegotiatedRead = () -> {
            if (session.state() instanceof Live) {
                awaitLatch(release);
            }
        };
        session.onClientMessages(List.of(new ClientMessage.Setup("{}")), services.now());
        await().until(() -> model.open.get() == 1);
        model.saysAt(services.now(), new ServerMessage.SetupComplete("{}"));
        await().until(() -> session.state() instanceof Live);

        model.saysAt(services.now(), new ServerMessage.ToolCall(Calls.of("r1"), "{}"));
        model.saysAt(services.now(), new ServerMessage.Interrupted(), new ServerMessage.TurnComplete(null));

        try {
            await().until(() -> client.written.stream().anyMatch(ServerMessage.TurnComplete.class::isInstance));
            assertEquals(
                    1,
                    client.written.stream()
                            .filter(ServerMessage.ToolCallCancellation.class::isInstance)
                            .count());
        } finally {
            release.countDown();
            session.end(EndCause.CLIENT_CLOSED, "over");
        }
        await().until(() -> model.open.get() == 0);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anOldConnectionIsRenewedInAPauseButNotWithoutAHandle() {
        talk.passes(Duration.ofMinutes(9).plusMillis(1));
        talk.passes(Duration.ofSeconds(10));
        assertInstanceOf(Live.class, talk.session.state(), "nothing could be resumed");

        talk.hears(ConversationFixture.handle("h1"));
        talk.passes(Duration.ofMillis(100));

        talk.awaitReconnected(2, Memory.RESUMED);
        talk.exchange("Hi", "Hello.", "h2");
        talk.passes(Duration.ofMinutes(8));
        assertInstanceOf(Live.class, talk.session.state(), "the new one is young");
    }

    @Test
    void whatTheUserSaysInTheGapWaitsAndGoesUpInOrder() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(GO_AWAY);
        talk.passes(Duration.ofMillis(600));
        await().until(() -> talk.model.dialled.get() == 2 && talk.model.open.get() == 1);
        int before = talk.model.received.size();

        talk.says(ConversationFixture.sound("AAAA"), ConversationFixture.typed("one"));
        talk.says(ConversationFixture.sound("BBBB"));
        assertInstanceOf(Rotating.class, talk.session.state());
        assertEquals(before, talk.model.received.size());
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.size() == before + 3);
        assertEquals(
                List.of(
                        ConversationFixture.sound("AAAA"),
                        ConversationFixture.typed("one"),
                        ConversationFixture.sound("BBBB")),
                talk.model.received.subList(before, before + 3));
    }

    @Test
    void staleMediaIsDroppedAndCountedButNothingElse() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(ConversationFixture.BROKEN);
        await().until(() -> talk.model.dialled.get() == 2 && talk.model.open.get() == 1);
        int before = talk.model.received.size();

        talk.says(
                ConversationFixture.sound("old0"),
                ConversationFixture.picture("old1"),
                ConversationFixture.typed("old but typed"));
        talk.services.advance(Duration.ofSeconds(4));
        talk.says(ConversationFixture.sound("new0"), ConversationFixture.picture("old2"));
        talk.services.advance(Duration.ofMillis(1_500));
        talk.says(ConversationFixture.picture("new1"));
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.size() >= before + 3);
        assertEquals(
                List.of(
                        ConversationFixture.typed("old but typed"),
                        ConversationFixture.sound("new0"),
                        ConversationFixture.picture("new1")),
                talk.model.received.subList(before, before + 3));
        assertEquals(
                3,
                talk.services.registry.find(Metric.RELAY_DROPPED.id()).tag("reason", "stale").counters().stream()
                        .mapToDouble(each -> each.count())
                        .sum());
    }

    @Test
    void aSpeakingUserIsWaitedForWhereTheModelTells() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_START", "{}"), GO_AWAY);

        talk.passes(Duration.ofSeconds(10));
        assertInstanceOf(Live.class, talk.session.state());
        talk.hears(new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_END", "{}"));
        talk.passes(Duration.ofSeconds(2));
        assertInstanceOf(Live.class, talk.session.state(), "an answer is due");
        talk.passes(Duration.ofSeconds(3));

        talk.awaitReconnected(2, Memory.RESUMED);
    }

    @Test
    void aMarkedActivityIsWaitedForAndMarkedAgainWhenTheDeadlineCutsIt() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(ClientMessage.Signal.ACTIVITY_START);
        await().until(() -> talk.model.received.contains(ClientMessage.Signal.ACTIVITY_START));
        talk.hears(GO_AWAY);

        talk.passes(Duration.ofSeconds(40));
        assertInstanceOf(Live.class, talk.session.state());
        talk.passes(Duration.ofSeconds(10));
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.stream()
                        .filter(ClientMessage.Signal.ACTIVITY_START::equals)
                        .count()
                == 2);
    }

    @Test
    void theOldConnectionIsDeafOnceItIsLeft() {
        talk.exchange("Hi", "Hello.", "h1");
        UpstreamListener old = talk.model.listener();
        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        int told = talk.client.written.size();

        old.onMessages(
                List.of(ConversationFixture.voice("late"), ConversationFixture.handle("late")), 0, talk.services.now());
        old.onClosed(ConversationFixture.BROKEN);
        talk.says(new ClientMessage.Ping(1, 1));

        await().until(() -> talk.told(GatewayMessage.Pong.class) == 1);
        assertEquals(told + 1, talk.client.written.size());
        assertEquals(
                "h1",
                Objects.requireNonNull(talk.session.scope().memory().snapshot()).handle());
        assertInstanceOf(Live.class, talk.session.state());
    }
}
