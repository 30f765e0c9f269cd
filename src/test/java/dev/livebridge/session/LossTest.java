package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.telemetry.Metric;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that breaks, a resume that fails, and a model that goes astray. */
class LossTest {

    private static final UpstreamEnd REFUSED_MESSAGE =
            new UpstreamEnd(1007, EndCause.UPSTREAM_REJECTED, RetryClass.ONCE, "A message was refused.");

    /** Between two steps of the clock, so that the session's threads keep up with it. */
    private static final Duration PACE = Duration.ofMillis(100);

    private final ConversationFixture talk = new ConversationFixture();

    @AfterEach
    void nothingIsLeft() {
        talk.over();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1008, 1011})
    void whatCanBeResumedIsResumedAndTheClientIsTold(int code) {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(new UpstreamEnd(code, EndCause.UPSTREAM_CLOSED, RetryClass.RESUME, "Gone."));
        talk.awaitReconnected(2, Memory.RESUMED);

        assertEquals(new Continuation.Resumed("h1", "m"), talk.model.continuations.getLast());
        assertTrue(talk.client.written.contains(new GatewayMessage.Reconnecting(1, 200)));
        assertEquals(
                2,
                talk.client.written.stream()
                        .filter(message -> message instanceof GatewayMessage.Ready
                                || message instanceof ServerMessage.TurnComplete)
                        .count());
    }

    @Test
    void whatWasHeardOfALostReplyStaysAndItsTurnIsClosed() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.hears(ConversationFixture.voice("AAAA"), transcript(TranscriptSource.OUTPUT, "Once upon"));

        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.hears(ConversationFixture.voice("BBBB"));

        await().until(() -> talk.client.written.contains(ConversationFixture.voice("BBBB")));
        List<Object> after = List.copyOf(talk.client.written)
                .subList(talk.client.written.indexOf(ConversationFixture.voice("AAAA")), talk.client.written.size())
                .stream()
                .filter(message -> !(message instanceof GatewayMessage.Timing))
                .map(Object.class::cast)
                .toList();
        assertEquals(
                List.of(
                        ConversationFixture.voice("AAAA"),
                        transcript(TranscriptSource.OUTPUT, "Once upon"),
                        new ServerMessage.TurnComplete("CONNECTION_LOST"),
                        new GatewayMessage.Reconnecting(1, 200),
                        new GatewayMessage.Reconnected(Memory.RESUMED),
                        ConversationFixture.voice("BBBB")),
                after);
    }

    @Test
    void textWithoutAnAnswerIsSentAgainOnceOnly() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(ConversationFixture.typed("And now?"));
        await().until(() -> talk.model.received.contains(ConversationFixture.typed("And now?")));

        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        await().until(() -> times("And now?") == 2);
        talk.model.closes(ConversationFixture.BROKEN);
        talk.confirmed(3);
        talk.says(ConversationFixture.typed("Still there?"));

        await().until(() -> times("Still there?") == 1);
        assertEquals(2, times("And now?"));
        assertEquals(1, times("Hi"), "answered, and in the handle");
    }

    @Test
    void textThatIsBeingAnsweredIsNotSentAgain() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.says(ConversationFixture.typed("And now?"));
        await().until(() -> times("And now?") == 1);
        talk.hears(ConversationFixture.voice("AAAA"));

        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.says(ConversationFixture.typed("next"));

        await().until(() -> times("next") == 1);
        assertEquals(1, times("And now?"));
    }

    @Test
    void aRefusedHandleIsTriedOnceThenTheTranscriptIsTold() {
        ClientMessage history = new ClientMessage.ClientContent("{\"turns\":[]}", List.of());
        talk.model.opensWith(history);
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuseOnce(ConversationFixture.UNKNOWN_HANDLE);

        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(3, Memory.REBUILT);
        talk.says(ConversationFixture.typed("next"));

        await().until(() -> times("next") == 1);
        assertEquals(
                List.of(
                        new Continuation.New(),
                        new Continuation.Resumed("h1", "m"),
                        new Continuation.Rebuilt(
                                List.of(
                                        new TranscriptEntry(Role.USER, "Hi"),
                                        new TranscriptEntry(Role.MODEL, "Hello.")),
                                "m")),
                talk.model.continuations);
        assertEquals(
                List.of(history, ConversationFixture.typed("next")),
                talk.model.received.subList(1, talk.model.received.size()),
                "the story comes before what waits");
    }

    @Test
    void aMessageThatGeminiRefusesWithoutNamingItIsSurvivedOnceWithoutTheSoundThatWaits() {
        // Given
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(REFUSED_MESSAGE);
        talk.says(ConversationFixture.sound("AAAA"));

        // When
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.says(ConversationFixture.sound("BBBB"));
        await().until(() -> talk.model.received.contains(ConversationFixture.sound("BBBB")));

        // Then
        assertEquals(new Continuation.Resumed("h1", "m"), talk.model.continuations.getLast());
        assertTrue(talk.model.received.stream().noneMatch(ConversationFixture.sound("AAAA")::equals));

        // When
        talk.exchange("And now?", "Still here.", "h2");
        talk.model.closes(REFUSED_MESSAGE);

        // Then
        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_REJECTED, talk.client.closes.getFirst().cause());
        assertEquals(2, talk.model.dialled.get());
    }

    /** The client is told of the new connection before the session has sent its first messages on it. */
    @Test
    void mediaThatTheClientSendsOnTheNewConnectionIsNotDroppedWithTheRefused() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.onOpeningRead = () -> talk.says(ConversationFixture.sound("BBBB"));

        talk.model.closes(REFUSED_MESSAGE);
        talk.says(ConversationFixture.sound("AAAA"));
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.contains(ConversationFixture.sound("BBBB")));
        assertTrue(talk.model.received.stream().noneMatch(ConversationFixture.sound("AAAA")::equals));
    }

    @Test
    void aMessageThatGeminiRefusesWithoutNamingItEndsATalkThatHasNoHandle() {
        talk.says(ConversationFixture.typed("Hi"));
        talk.hears(new ServerMessage.Text("Hello.", false));

        talk.model.closes(REFUSED_MESSAGE);

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_REJECTED, talk.client.closes.getFirst().cause());
        assertEquals(1, talk.model.dialled.get());
    }

    @Test
    void soundThatWaitsWhileAnotherConnectionIsMadeIsKept() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(ConversationFixture.BROKEN);
        talk.says(ConversationFixture.sound("AAAA"));

        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> talk.model.received.contains(ConversationFixture.sound("AAAA")));
    }

    @Test
    void aHandleThatEndsInInternalErrorsTwiceInARowIsGivenUp() {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(ConversationFixture.INTERNAL_ERROR);
        talk.confirmed(2);
        talk.model.closes(ConversationFixture.INTERNAL_ERROR);
        talk.awaitReconnected(3, Memory.REBUILT);

        assertInstanceOf(Continuation.Resumed.class, talk.model.continuations.get(1));
        assertInstanceOf(Continuation.Rebuilt.class, talk.model.continuations.get(2));
    }

    @Test
    void internalErrorsWithTalkBetweenThemAreNotInARow() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(ConversationFixture.INTERNAL_ERROR);
        talk.awaitReconnected(2, Memory.RESUMED);
        talk.exchange("Again", "Yes.", "h2");

        talk.model.closes(ConversationFixture.INTERNAL_ERROR);
        talk.confirmed(3);

        await().until(() -> talk.told(GatewayMessage.Reconnected.class) == 2);
        assertEquals(new Continuation.Resumed("h2", "m"), talk.model.continuations.getLast());
    }

    @Test
    void outOfTriesThereIsOneClearEnd() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuse(new UpstreamEnd(1006, EndCause.UPSTREAM_UNREACHABLE, RetryClass.RESUME, "Nobody there."));

        talk.model.closes(ConversationFixture.BROKEN);

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_LOST, talk.client.closes.getFirst().cause());
        assertEquals(5, talk.model.dialled.get(), "the first call and four attempts");
        assertEquals(
                List.of(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(1_600)),
                talk.services.pauses);
        assertEquals(1, talk.told(GatewayMessage.Problem.class));
        assertEquals(
                1,
                talk.services
                        .registry
                        .get(Metric.UPSTREAM_ROTATIONS.id())
                        .tag("outcome", "failed")
                        .counter()
                        .count());
    }

    @Test
    void attemptsAreCountedAnewOnlyAfterRealTraffic() {
        talk.exchange("Hi", "Hello.", "h1");

        // Opens that lead nowhere use the budget up
        for (int connection = 2; connection <= 5; connection++) {
            talk.model.closes(ConversationFixture.BROKEN);
            talk.confirmed(connection);
            int count = connection - 1;
            await().until(() -> talk.told(GatewayMessage.Reconnected.class) == count);
        }
        talk.exchange("Still there?", "Yes.", "h2");
        talk.services.advance(Duration.ofSeconds(31));
        talk.model.closes(ConversationFixture.BROKEN);
        talk.confirmed(6);
        await().until(() -> talk.told(GatewayMessage.Reconnected.class) == 5);

        // And the last of them was the fifth in all, the first anew
        assertEquals(Duration.ofMillis(200), talk.services.pauses.getLast());
        for (int connection = 7; connection <= 9; connection++) {
            talk.model.closes(ConversationFixture.BROKEN);
            talk.confirmed(connection);
            int count = connection - 1;
            await().until(() -> talk.told(GatewayMessage.Reconnected.class) == count);
        }
        talk.model.closes(ConversationFixture.BROKEN);

        await().until(() -> talk.client.closes.size() == 1);
    }

    @Test
    void connectionsThatSayAWordAndDieUseTheAttemptsUp() {
        talk.exchange("Hi", "Hello.", "h1");

        for (int connection = 2; connection <= 5; connection++) {
            talk.model.closes(ConversationFixture.BROKEN);
            talk.confirmed(connection);
            talk.hears(transcript(TranscriptSource.OUTPUT, "Well"), ConversationFixture.handle("h" + connection));
            talk.services.advance(Duration.ofMillis(50));
        }
        talk.model.closes(ConversationFixture.BROKEN);

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_LOST, talk.client.closes.getFirst().cause());
        assertEquals(5, talk.model.dialled.get());
        assertEquals(
                List.of(
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800),
                        Duration.ofMillis(1_600)),
                talk.services.pauses);
    }

    @Test
    void aModelThatSendsEachConnectionAwayAtOnceIsNotCalledWithoutPause() {
        talk.exchange("Hi", "Hello.", "h1");

        for (int connection = 2; connection <= 5; connection++) {
            talk.hears(new ServerMessage.GoAway(Duration.ZERO));
            talk.passes(Duration.ofMillis(100));
            talk.confirmed(connection);
        }
        talk.hears(new ServerMessage.GoAway(Duration.ZERO));
        talk.passes(Duration.ofMillis(100));

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_LOST, talk.client.closes.getFirst().cause());
        assertEquals(5, talk.model.dialled.get());
    }

    @ParameterizedTest
    @CsvSource({
        "1007, UPSTREAM_REJECTED, NEVER",
        "1007, UPSTREAM_CREDENTIALS, NEVER",
        "1011, UPSTREAM_QUOTA, LATER",
        "1008, UPSTREAM_MODEL, NEVER"
    })
    void whatNoAttemptCanChangeEndsWithItsOwnCause(int code, EndCause cause, RetryClass retry) {
        talk.exchange("Hi", "Hello.", "h1");

        talk.model.closes(new UpstreamEnd(code, cause, retry, "No."));

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(cause, talk.client.closes.getFirst().cause());
        assertEquals(1, talk.model.dialled.get());
    }

    @Test
    void credentialsThatFailDuringAResumeAreNotBlamedOnTheHandle() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.refuseOnce(new UpstreamEnd(1007, EndCause.UPSTREAM_CREDENTIALS, RetryClass.NEVER, "Bad key."));

        talk.model.closes(ConversationFixture.BROKEN);

        await().until(() -> talk.client.closes.size() == 1);
        assertEquals(
                EndCause.UPSTREAM_CREDENTIALS, talk.client.closes.getFirst().cause());
    }

    @Test
    void aConnectionThatTakesNothingAnyMoreCountsAsLost() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.stall(true);
        // More than the window takes
        talk.says(Collections.nCopies(70, ConversationFixture.sound("A".repeat(1_000)))
                .toArray(ClientMessage[]::new));
        await().until(() -> talk.model.received.size() > 60);

        talk.passes(Duration.ofSeconds(9));
        assertInstanceOf(Live.class, talk.session.state());
        talk.model.stall(false);
        await().pollInterval(PACE).until(() -> {
            talk.passes(Duration.ofSeconds(2));
            return talk.model.dialled.get() == 2;
        });

        talk.awaitReconnected(2, Memory.RESUMED);
        assertEquals(
                1,
                talk.services
                        .registry
                        .get(Metric.UPSTREAM_ROTATIONS.id())
                        .tag("trigger", "stalled")
                        .counter()
                        .count());
    }

    @Test
    void aWriteThatFailsWithoutACloseCountsAsLostAfterAWhile() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.failWrites();
        talk.says(ConversationFixture.typed("Hello?"));
        await().until(() -> times("Hello?") == 1);

        await().pollInterval(PACE).until(() -> {
            talk.passes(Duration.ofSeconds(1));
            return talk.model.dialled.get() == 2;
        });
        talk.awaitReconnected(2, Memory.RESUMED);

        await().until(() -> times("Hello?") == 2);
    }

    @Test
    void aPoisonedResumeIsRebuilt() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(ConversationFixture.BROKEN);
        talk.awaitReconnected(2, Memory.RESUMED);

        talk.hears(transcript(TranscriptSource.INPUT, "Can you"));
        talk.passes(Duration.ofSeconds(7));
        talk.hears(transcript(TranscriptSource.INPUT, " hear me?"));
        talk.passes(Duration.ofSeconds(7));
        assertInstanceOf(Live.class, talk.session.state());
        talk.passes(Duration.ofSeconds(2));
        talk.awaitReconnected(3, Memory.REBUILT);

        assertEquals(
                new Continuation.Rebuilt(
                        List.of(
                                new TranscriptEntry(Role.USER, "Hi"),
                                new TranscriptEntry(Role.MODEL, "Hello."),
                                new TranscriptEntry(Role.USER, "Can you hear me?")),
                        "m"),
                talk.model.continuations.getLast());
        assertEquals(1, tripped("poisoned_resume"));
    }

    @Test
    void aFreshSessionThatOnlyTranscribesIsNotSuspected() {
        talk.hears(transcript(TranscriptSource.INPUT, "Hm"));

        talk.passes(Duration.ofMinutes(1));

        assertInstanceOf(Live.class, talk.session.state());
    }

    @Test
    void theEndOfAReplyThatNeverEndsIsMadeUpOnce() {
        // 0.1 s of sound
        talk.hears(ConversationFixture.voice("A".repeat(6_400)), new ServerMessage.GenerationComplete());

        talk.passes(Duration.ofSeconds(2));
        assertEquals(0, tripped("endless_reply"));
        talk.passes(Duration.ofMillis(150));
        await().until(() -> talk.client.written.contains(new ServerMessage.TurnComplete("PLAYED_OUT")));

        // And its own end, which comes with the next interruption, is not told any more
        talk.hears(new ServerMessage.TurnComplete(null), ConversationFixture.voice("BBBB"));
        await().until(() -> talk.client.written.contains(ConversationFixture.voice("BBBB")));
        assertEquals(1, talk.told(ServerMessage.TurnComplete.class));
        assertEquals(1, tripped("endless_reply"));
    }

    @Test
    void theAnswerAfterAnInterruptionWithoutAnEndIsHeardInATurnOfItsOwn() {
        talk.hears(ConversationFixture.voice("AAAA"), new ServerMessage.Interrupted());
        talk.services.advance(Duration.ofMillis(300));
        talk.hears(transcript(TranscriptSource.INPUT, "Wait"), ConversationFixture.voice("BBBB"));
        talk.services.advance(Duration.ofMillis(400));

        talk.hears(ConversationFixture.voice("CCCC"), ConversationFixture.voice("DDDD"));
        talk.hears(new ServerMessage.TurnComplete(null));

        await().until(() -> talk.told(ServerMessage.TurnComplete.class) == 2);
        assertEquals(
                List.of(
                        new ServerMessage.TurnComplete("INTERRUPTED"),
                        ConversationFixture.voice("CCCC"),
                        ConversationFixture.voice("DDDD"),
                        new ServerMessage.TurnComplete(null)),
                talk.client.written.stream()
                        .filter(message -> message instanceof ServerMessage.TurnComplete
                                || List.of(
                                                ConversationFixture.voice("BBBB"),
                                                ConversationFixture.voice("CCCC"),
                                                ConversationFixture.voice("DDDD"))
                                        .contains(message))
                        .toList());
    }

    @Test
    void aReplyThatWaitsForAFunctionIsNotEndless() {
        talk.hears(new ServerMessage.ToolCall(Calls.of("1"), "{}"), new ServerMessage.GenerationComplete());

        talk.passes(Duration.ofMinutes(5));

        assertEquals(0, tripped("endless_reply"));
    }

    @Test
    void aPeerThatDoesNotAnswerTheCloseIsNotWaitedForForEver() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closesSlowly();

        talk.model.closes(ConversationFixture.BROKEN);

        talk.awaitReconnected(2, Memory.RESUMED);
    }

    @Test
    void aClientThatLeavesWhileTheModelIsTriedAgainLeaksNothing() {
        talk.exchange("Hi", "Hello.", "h1");
        talk.model.closes(ConversationFixture.BROKEN);
        await().until(() -> talk.model.dialled.get() == 2);

        talk.session.onClientClosed(talk.client, EndCause.CLIENT_LOST, false);

        assertEquals(EndCause.CLIENT_LOST, talk.services.endings.getFirst().cause());
    }

    private long times(String text) {
        return talk.model.received.stream()
                .filter(ConversationFixture.typed(text)::equals)
                .count();
    }

    private double tripped(String kind) {
        return talk.services.registry.find(Metric.WATCHDOG.id()).tag("kind", kind).counters().stream()
                .mapToDouble(each -> each.count())
                .sum();
    }

    private static ServerMessage transcript(TranscriptSource source, String text) {
        return new ServerMessage.Transcription(source, text, false, "{}");
    }
}
