package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveSessionTest {

    private static final ClientMessage.Setup SETUP = new ClientMessage.Setup("{}");
    private static final ServerMessage READY = new ServerMessage.SetupComplete("{}");
    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    private final FakeDownstream client = new FakeDownstream();
    private FakeModel model = FakeModel.speaking();
    private FakeServices services = new FakeServices(model);
    private final String id = "test-" + NEXT_ID.incrementAndGet();

    @AfterEach
    void nothingOutlivesTheSession() {
        await().untilAsserted(() -> {
            assertEquals(0, model.open.get(), "upstream sockets left open");
            assertEquals(0, services.account().used(), "queue bytes never given back");
            assertEquals(List.of(), threadsOf(id), "pumps still running");
        });
    }

    // ---- the conversation ------------------------------------------------------------------------------------

    @Test
    void inputBeforeTheModelIsReadyGoesUpInOrder() {
        // Given a model that does not pick up yet
        model = FakeModel.ringing();
        services = new FakeServices(model);
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP, audioUp("one"), new ClientMessage.UserTurn("two")), 0);
        session.onClientMessages(List.of(audioUp("three")), 0);

        // When it does
        model.pickUp();
        await().until(model::connected);
        model.says(READY);

        // Then everything arrives, in order
        await().until(() -> model.received.size() == 3);
        assertEquals(List.of(audioUp("one"), new ClientMessage.UserTurn("two"), audioUp("three")), model.received);
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void theClientIsGreetedBeforeItHearsTheModel() {
        // Given
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);
        await().until(model::connected);
        ServerMessage update = new ServerMessage.ResumptionUpdate("handle", true, "{}");

        // When
        model.says(READY, update);

        // Then
        await().until(() -> client.written.size() == 2);
        assertInstanceOf(GatewayMessage.Ready.class, client.written.getFirst());
        assertEquals(update, client.written.getLast());
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void nothingGoesUpBeforeSetupComplete() {
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP, audioUp("early")), 0);
        await().until(model::connected);

        assertInstanceOf(Connecting.class, session.state());
        assertEquals(List.of(), model.received);

        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void eachSocketIsWrittenByItsOwnPumpOnly() {
        LiveSession session = live();

        IntStream.range(0, 50).forEach(i -> {
            session.onClientMessages(List.of(audioUp("u" + i)), 0);
            model.says(audioDown("d" + i));
        });
        await().until(() -> model.received.size() == 50 && client.written.size() == 51);
        session.end(EndCause.DRAIN, "restart");
        await().until(() -> client.closes.size() == 1);

        assertEquals(Set.of("livebridge-up-" + id), names(model.writers));
        assertEquals(Set.of("livebridge-down-" + id), names(client.writers));
    }

    @Test
    void aSecondSetupIsRefusedAndTheSessionLivesOn() {
        LiveSession session = live();

        session.onClientMessages(List.of(SETUP), 0);

        await().until(() -> problem("second_setup"));
        assertInstanceOf(Live.class, session.state());
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void aPingIsAnsweredAndDoesNotGoUp() {
        LiveSession session = live();

        session.onClientMessages(List.of(new ClientMessage.Ping(12.5, 7)), 0);

        await().until(() -> client.written.contains(new GatewayMessage.Pong(12.5, 7)));
        assertEquals(List.of(), model.received);
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void aModelThatOnlySpeaksAnswersInTextThroughItsTranscript() {
        model = FakeModel.transcribing();
        services = new FakeServices(model);
        LiveSession session = live();

        model.says(audioDown("sound"), transcript(ServerMessage.TranscriptSource.OUTPUT, " Hi"), audioDown("more"));
        model.says(new ServerMessage.TurnComplete(null));

        await().until(() -> client.written.contains(new ServerMessage.TurnComplete(null)));
        assertEquals(
                List.of(new ServerMessage.Text(" Hi", false), new ServerMessage.TurnComplete(null)),
                client.written.subList(1, client.written.size()));
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    // ---- interruption ----------------------------------------------------------------------------------------

    @Test
    void anInterruptionDropsWaitingSoundAtOnceButNoControl() {
        // Given a client that has stopped reading, so that more than its window waits
        services = new FakeServices(model, limits(1_000, 10_000_000), 100_000_000);
        LiveSession session = live();
        client.stall();
        String big = "A".repeat(40_000);
        for (int i = 0; i < 5; i++) {
            model.says(audioDown(big));
        }
        model.says(new ServerMessage.Usage(1, 2, 3, "{}"));
        await().until(() -> client.outstanding() == 2);

        // When the turn is interrupted and late sound follows
        model.says(new ServerMessage.Interrupted());
        model.says(audioDown("late"));
        model.says(new ServerMessage.TurnComplete(null), audioDown("next turn"));
        client.resume();

        // Then only what had left already, the control messages and the next turn are written
        await().until(() -> client.written.contains(audioDown("next turn")));
        assertEquals(
                List.of("Audio", "Audio", "Usage", "Interrupted", "TurnComplete", "Audio"),
                client.written.stream()
                        .skip(1)
                        .map(message -> message.getClass().getSimpleName())
                        .toList());
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void anInterruptionWithoutAnOpenTurnMutesNothing() {
        LiveSession session = live();

        model.says(audioDown("a"), new ServerMessage.TurnComplete(null));
        model.says(new ServerMessage.Interrupted());
        model.says(audioDown("b"));

        await().until(() -> client.written.contains(audioDown("b")));
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    // ---- pressure --------------------------------------------------------------------------------------------

    @Test
    void aFullQueueTowardTheModelGivesUpTheOldestMediaNeverText() {
        model = FakeModel.ringing();
        services = new FakeServices(model, limits(1_600, 10_000), 1_000_000);
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);

        // When more waits than the 1,600 bytes allowed, of which each message takes 144 for itself
        session.onClientMessages(List.of(new ClientMessage.UserTurn("t".repeat(100))), 0);
        for (int i = 0; i < 10; i++) {
            session.onClientMessages(List.of(audioUp(i + "x".repeat(299))), 0);
        }
        model.pickUp();
        await().until(model::connected);
        model.says(READY);

        // Then the text and the newest sound are left
        await().until(() -> model.received.size() == 4);
        assertEquals(
                List.of("t", "7", "8", "9"),
                model.received.stream().map(LiveSessionTest::firstCharacter).toList());
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void oneFrameLargerThanTheQueueStaysWhole() {
        model = FakeModel.ringing();
        services = new FakeServices(model, limits(1_600, 10_000), 1_000_000);
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);

        session.onClientMessages(List.of(audioUp("a".repeat(900)), videoUp("v".repeat(900))), 0);
        model.pickUp();
        await().until(model::connected);
        model.says(READY);

        await().until(() -> model.received.size() == 2);
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    @Test
    void aClientThatStopsReadingIsEndedWhenItsQueueIsFull() {
        services = new FakeServices(model, limits(1_000, 200_000), 100_000_000);
        LiveSession session = live();
        client.stall();

        for (int i = 0; i < 12 && services.endings.isEmpty(); i++) {
            model.says(audioDown("A".repeat(40_000)));
        }

        await().until(() -> client.closes.size() == 1 && !services.endings.isEmpty());
        assertEquals(EndCause.SLOW_CONSUMER, client.closes.getFirst().cause());
        assertEquals(1, services.endings.size());
        assertFalse(session.end(EndCause.INTERNAL, "again"));
    }

    @Test
    void textWithoutEndTowardAStuckModelEndsTheSession() {
        model = FakeModel.ringing();
        services = new FakeServices(model, limits(1_600, 10_000), 1_000_000);
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);

        for (int i = 0; i < 100 && services.endings.isEmpty(); i++) {
            session.onClientMessages(List.of(new ClientMessage.UserTurn("t".repeat(100))), 0);
        }

        await().until(() -> client.closes.size() == 1);
        assertEquals(EndCause.POLICY, client.closes.getFirst().cause());
    }

    // ---- endings ---------------------------------------------------------------------------------------------

    @Test
    void aClientThatLeavesWhileTheModelIsRingingLeaksNothing() {
        model = FakeModel.ringing();
        services = new FakeServices(model);
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);
        await().until(() -> model.dialled.get() == 1);

        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);

        await().until(() -> model.abandoned.get() == 1);
        assertEquals(EndCause.CLIENT_CLOSED, services.endings.getFirst().cause());
    }

    @Test
    void aModelThatHangsUpIsReportedAfterWhatItSaid() {
        LiveSession session = live();

        model.says(audioDown("last words"));
        model.closes(new UpstreamEnd(1007, EndCause.UPSTREAM_REJECTED, RetryClass.NEVER, "It was refused."));

        await().until(() -> client.closes.size() == 1);
        assertEquals(
                List.of(
                        audioDown("last words"),
                        new ServerMessage.TurnComplete("CONNECTION_LOST"),
                        new GatewayMessage.Problem(
                                "upstream_rejected", "It was refused.", "Start a new conversation.", null, true)),
                client.written.subList(1, client.written.size()));
        assertEquals(new FakeDownstream.Close(EndCause.UPSTREAM_REJECTED, "It was refused."), client.closes.getFirst());
        assertFalse(session.end(EndCause.INTERNAL, "again"));
    }

    @Test
    void aRefusalBeforeTheSessionBeginsNamesItsCause() {
        model.refuse(new UpstreamEnd(1007, EndCause.UPSTREAM_CREDENTIALS, RetryClass.NEVER, "Bad key."));
        LiveSession session = open();

        session.onClientMessages(List.of(SETUP), 0);

        await().until(() -> client.closes.size() == 1);
        assertEquals(EndCause.UPSTREAM_CREDENTIALS, client.closes.getFirst().cause());
        assertTrue(problem("upstream_credentials"));
    }

    @Test
    void aModelThatDoesNotConfirmTheSetupIsGivenUp() {
        services = new FakeServices(
                model,
                new SessionLimits(
                        Duration.ofSeconds(10),
                        Duration.ofMillis(20),
                        Duration.ofMinutes(10),
                        Duration.ofHours(2),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(25),
                        1_000,
                        10_000,
                        1_000_000),
                1_000_000);
        LiveSession session = open();

        session.onClientMessages(List.of(SETUP), 0);

        await().until(() -> client.closes.size() == 1);
        assertEquals(
                new FakeDownstream.Close(
                        EndCause.UPSTREAM_REJECTED,
                        "Gemini neither confirmed nor refused the setup within 0 seconds. Leave out what the model may"
                                + " not know (proactivity, enableAffectiveDialog), or ask for another model."),
                client.closes.getFirst());
        assertEquals(1, model.dialled.get());
    }

    @ParameterizedTest
    @EnumSource(EndCause.class)
    void everyCauseEndsOnceAndClosesWhatIsItsOwn(EndCause cause) {
        LiveSession session = live();

        boolean first = session.end(cause, "because");
        boolean second = session.end(EndCause.INTERNAL, "again");

        assertTrue(first);
        assertFalse(second);
        assertEquals(1, services.endings.size());
        assertEquals(cause, services.endings.getFirst().cause());
        int closes = cause.leavesSocketOpen() ? 0 : 1;
        await().until(() -> client.closes.size() == closes && model.open.get() == 0);
    }

    @Test
    void endingsFromAllSidesAtOnceCountOnce() throws InterruptedException {
        LiveSession session = live();
        List<Thread> enders = Stream.of(
                        EndCause.CLIENT_LOST, EndCause.UPSTREAM_LOST, EndCause.IDLE_TIMEOUT, EndCause.DRAIN)
                .map(cause -> Thread.ofVirtual().unstarted(() -> session.end(cause, "race")))
                .toList();

        enders.forEach(Thread::start);
        for (Thread ender : enders) {
            ender.join();
        }

        assertEquals(1, services.endings.size());
    }

    @Test
    void aClientThatReadsNothingAtTheEndIsClosedWhenItsTimeIsUp() {
        services = new FakeServices(model, limits(1_000, 10_000_000), 100_000_000);
        LiveSession session = live();
        client.stall();
        for (int i = 0; i < 3; i++) {
            model.says(audioDown("A".repeat(40_000)));
        }
        await().until(() -> client.outstanding() == 2);
        session.end(EndCause.UPSTREAM_LOST, "gone");
        assertEquals(List.of(), client.closes);

        services.advance(Duration.ofSeconds(6));

        await().until(() -> client.closes.size() == 1);
    }

    // ---- deadlines -------------------------------------------------------------------------------------------

    @Test
    void aClientThatSaysNothingIsEnded() {
        LiveSession session = open();

        services.advance(Duration.ofMillis(9_900));
        session.checkDeadlines();
        assertTrue(services.endings.isEmpty());
        services.advance(Duration.ofMillis(200));
        session.checkDeadlines();

        assertEquals(EndCause.SETUP_TIMEOUT, services.endings.getFirst().cause());
    }

    @Test
    void microphoneSilenceIsNotActivityButTextIs() {
        LiveSession session = live();
        services.advance(Duration.ofMinutes(9));
        session.onClientMessages(List.of(new ClientMessage.UserTurn("still here")), 0);
        services.advance(Duration.ofMinutes(9));
        session.onClientMessages(List.of(audioUp("silence")), 0);
        session.checkDeadlines();
        assertTrue(services.endings.isEmpty());

        services.advance(Duration.ofMinutes(2));
        session.checkDeadlines();

        assertEquals(EndCause.IDLE_TIMEOUT, services.endings.getFirst().cause());
    }

    @Test
    void aRunningToolIsNotIdleness() {
        LiveSession session = live();
        model.says(new ServerMessage.ToolCall(Calls.of("1"), "{}"));

        services.advance(Duration.ofMinutes(30));
        session.checkDeadlines();
        assertTrue(services.endings.isEmpty());
        session.onClientMessages(List.of(new ClientMessage.ToolResponse(Calls.results("1"))), 0);
        await().until(() -> !session.scope().memory().callPending());
        services.advance(Duration.ofMinutes(11));
        session.checkDeadlines();

        assertEquals(EndCause.IDLE_TIMEOUT, services.endings.getFirst().cause());
    }

    @Test
    void theLongestConversationEnds() {
        LiveSession session = live();
        for (int i = 0; i < 13; i++) {
            services.advance(Duration.ofMinutes(9));
            model.says(new ServerMessage.Text("on and on", false));
            session.checkDeadlines();
        }
        assertTrue(services.endings.isEmpty());

        services.advance(Duration.ofMinutes(5));
        session.checkDeadlines();

        assertEquals(EndCause.MAX_DURATION, services.endings.getFirst().cause());
    }

    @Test
    void aFailedWriteWithoutACloseEndsTheSessionAfterAWhile() {
        LiveSession session = live();
        client.stall();
        model.says(audioDown("x"));
        await().until(() -> client.outstanding() == 1);
        client.fail(new IllegalStateException("broken pipe"));

        session.checkDeadlines();
        assertTrue(services.endings.isEmpty());
        services.advance(Duration.ofSeconds(3));
        session.checkDeadlines();

        assertEquals(EndCause.CLIENT_LOST, services.endings.getFirst().cause());
    }

    // ---- words -----------------------------------------------------------------------------------------------

    private LiveSession open() {
        return new LiveSession(id, "tutorial", client, new ConversationMemory(), services.context(), services);
    }

    private LiveSession live() {
        LiveSession session = open();
        session.onClientMessages(List.of(SETUP), 0);
        await().until(model::connected);
        model.says(READY);
        await().until(() -> client.written.stream().anyMatch(GatewayMessage.Ready.class::isInstance));
        // The greeting is sent before the state changes.
        await().until(() -> session.state() instanceof Live);
        return session;
    }

    private boolean problem(String code) {
        return client.written.stream()
                .anyMatch(message -> message instanceof GatewayMessage.Problem problem
                        && problem.code().equals(code));
    }

    private static SessionLimits limits(long up, long down) {
        return new SessionLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofHours(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                up,
                down,
                100_000_000);
    }

    private static ClientMessage audioUp(String data) {
        return new ClientMessage.Audio(new Base64Text(data), "audio/pcm");
    }

    private static ClientMessage videoUp(String data) {
        return new ClientMessage.Video(new Base64Text(data), "image/jpeg");
    }

    private static ServerMessage audioDown(String data) {
        return new ServerMessage.Audio(new Base64Text(data), "audio/pcm;rate=24000");
    }

    private static ServerMessage transcript(ServerMessage.TranscriptSource source, String text) {
        return new ServerMessage.Transcription(source, text, false, "{}");
    }

    private static String firstCharacter(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Audio(Base64Text data, String mimeType) ->
                data.text().substring(0, 1);
            case ClientMessage.UserTurn(String text) -> text.substring(0, 1);
            default -> throw new AssertionError("unexpected " + message);
        };
    }

    private static Set<String> names(List<Thread> threads) {
        return threads.stream().map(Thread::getName).collect(Collectors.toSet());
    }

    private List<String> threadsOf(String session) {
        return Stream.concat(client.writers.stream(), model.writers.stream())
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.endsWith(session))
                .distinct()
                .toList();
    }
}
