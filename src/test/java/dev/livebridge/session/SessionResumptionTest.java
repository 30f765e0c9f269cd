package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.access.Caller;
import dev.livebridge.access.CallerKind;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.UsageTotals;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.budget.LimitReached;
import dev.livebridge.session.memory.Continuation;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.HandoverPeers.Handover;
import dev.livebridge.session.token.TokenOwner;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.Counter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client goes and comes back, at the same instance and at others. */
class SessionResumptionTest {

    private static final ClientMessage.Setup SETUP = new ClientMessage.Setup("{\"a\":1}");
    private static final URI HERE = URI.create("http://10.0.0.1:9000");
    private static final URI THERE = URI.create("http://10.0.0.2:9000");

    private final Instance here = new Instance(HERE);
    private final Instance there = new Instance(THERE);
    /** Who answers at an instance's address in its place. */
    private final Map<URI, Handover> strangers = new ConcurrentHashMap<>();

    private final Map<URI, Instance> reachable = new ConcurrentHashMap<>(Map.of(HERE, here, THERE, there));

    /** One process of the service. */
    private final class Instance implements HandoverPeers {

        final FakeModel model = FakeModel.speaking();
        final Map<String, LiveSession> sessions = new ConcurrentHashMap<>() {
            @Override
            public boolean remove(Object id, Object session) {
                boolean removed = super.remove(id, session);
                once(afterRemoval);
                return removed;
            }
        };
        final AtomicReference<@Nullable Runnable> beforeRecord = new AtomicReference<>();
        final AtomicReference<@Nullable Runnable> afterRemoval = new AtomicReference<>();
        final FakeServices services;
        final SessionResumption comebacks;
        final String name;
        int arrivals;

        Instance(@Nullable URI address) {
            name = (address == null ? "nameless" : address.getHost()) + "-";
            services = new FakeServices(model, address) {
                @Override
                public void onEnded(LiveSession session, Ended ended) {
                    super.onEnded(session, ended);
                    once(beforeRecord);
                    comebacks.onEnded(session, ended);
                }
            };
            comebacks = new SessionResumption(
                    services.context(),
                    services,
                    sessions,
                    (session, dialect) -> sessions.put(session.id(), session),
                    this);
        }

        @Override
        public Handover ask(URI holder, String token) {
            Handover stranger = strangers.get(holder);
            if (stranger != null) {
                return stranger;
            }
            Instance other = reachable.get(holder);
            try {
                return other == null ? new Handover.Unknown() : other.comebacks.handOver(token);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }

        private static void once(AtomicReference<@Nullable Runnable> hook) {
            Runnable action = hook.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }

        LiveSession arrive(FakeDownstream client) {
            arrivals++;
            LiveSession session = new LiveSession(
                    name + arrivals, "live", client, new ConversationMemory(), services.context(), services);
            sessions.put(session.id(), session);
            return session;
        }

        LiveSession comesBack(FakeDownstream client, String token) {
            return comebacks.resume(arrive(client), token, client);
        }

        double refused(String reason) {
            return outcome("refused_" + reason);
        }

        double outcome(String outcome) {
            Counter counter = services.registry
                    .find(Metric.RESUMPTIONS.id())
                    .tag("outcome", outcome)
                    .counter();
            return counter == null ? 0 : counter.count();
        }
    }

    @AfterEach
    void nothingIsLeft() {
        for (Instance each : List.of(here, there)) {
            each.sessions.values().forEach(session -> session.end(EndCause.INTERNAL, "over"));
            await().untilAsserted(() -> {
                assertEquals(0, each.model.open.get(), "upstream sockets");
                assertEquals(0, each.services.account().used(), "bytes in queues");
            });
        }
    }

    // ---- tokens ------------------------------------------------------------------------------------------------

    @Test
    void aClientThatTakesTokensGetsOneAfterReady() {
        FakeDownstream client = new FakeDownstream(true);
        talk(here, client);

        assertFalse(tokenOf(client).isEmpty());
    }

    @Test
    void otherClientsGetNone() {
        FakeDownstream client = new FakeDownstream(false);
        LiveSession session = begin(here, client);

        session.checkDeadlines();
        session.onClientClosed(client, EndCause.CLIENT_LOST, false);

        assertEquals(EndCause.CLIENT_LOST, cause(here));
        assertEquals(List.of(), offers(client));
    }

    @Test
    void aNewTokenKnowsTheNewestHandle() throws Exception {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);

        here.services.advance(Duration.ofSeconds(2));
        here.model.says(new ServerMessage.ResumptionUpdate("h2", true, "{}"));
        session.checkDeadlines();
        await().until(() -> offers(client).size() == 2);

        assertEquals(
                "h2",
                here.services
                        .tokens()
                        .open(tokenOf(client), new TokenOwner("none", null))
                        .handle());
    }

    // ---- limits --------------------------------------------------------------------------------------------------

    @Test
    void whatWasUsedGoesAlongToTheNextInstance() {
        FakeBudget budget = new FakeBudget("counted");
        budget.spent = new UsageTotals(60_000, 900, 1_200);
        FakeDownstream client = new FakeDownstream(true).within(budget);
        LiveSession session = talk(here, client);
        String token = tokenOf(client);
        budget.spent = new UsageTotals(61_000, 950, 1_300);
        FakeBudget arriving = new FakeBudget("socket");

        there.comesBack(new FakeDownstream(true).within(arriving), token);

        await().until(() -> arriving.successors.size() == 1
                && arriving.successors.getFirst().spent.equals(new UsageTotals(61_000, 950, 1_300)));
        assertEquals(session.id(), arriving.successors.getFirst().conversation());
        await().until(() -> there.model.open.get() == 1);
    }

    @Test
    void aConversationWithoutAPlaceStaysWhereItIs() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        String token = tokenOf(client);
        FakeBudget full = new FakeBudget("socket");
        full.full = new LimitReached("Too many.", null);
        FakeDownstream arriving = new FakeDownstream(true).within(full);

        there.comesBack(arriving, token);

        await().until(() -> arriving.closes.size() == 1);
        assertEquals(EndCause.CONCURRENCY, arriving.closes.getFirst().cause());
        assertInstanceOf(SessionState.Live.class, session.state());
        assertEquals(0, there.model.dialled.get());
    }

    // ---- gone and back at the same instance ------------------------------------------------------------------------

    /** Its own pump is awake, or just wakes, when the conversation takes the socket; it must not say goodbye on it. */
    @Test
    void whoeverIsBackIsHungUpOnOnlyWhenTheNextOneComes() {
        FakeDownstream before = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        List<FakeDownstream> arrivals = new ArrayList<>();

        for (int i = 0; i < 2_000; i++) {
            FakeDownstream after = new FakeDownstream(true);
            arrivals.add(after);
            assertSame(session, here.comesBack(after, token));
        }

        FakeDownstream last = arrivals.removeLast();
        await().until(() -> arrivals.stream().noneMatch(socket -> socket.closes.isEmpty()));
        arrivals.forEach(socket -> assertEquals(
                List.of(EndCause.MOVED),
                socket.closes.stream().map(FakeDownstream.Close::cause).toList()));
        assertEquals(List.of(), last.closes);
    }

    @Test
    void aLostClientComesBackIntoItsConversation() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream after = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);

        session.onClientClosed(before, EndCause.CLIENT_LOST, false);
        here.model.says(audio("unheard"), new ServerMessage.ToolCall(Calls.of("c1"), "{\"functionCalls\":[]}"));
        LiveSession found = here.comesBack(after, token);

        assertSame(session, found);
        assertEquals(1, here.model.dialled.get(), "the connection to the model was kept");
        await().until(() -> after.written.stream().anyMatch(ServerMessage.ToolCall.class::isInstance));
        GatewayMessage.Ready ready =
                assertInstanceOf(GatewayMessage.Ready.class, after.written.getFirst(), after.written::toString);
        assertTrue(ready.resumed());
        assertEquals(session.id(), ready.sessionId());
        assertEquals(GatewayMessage.Memory.RESUMED, ready.memory());
        assertTrue(ready.answering(), "the reply is not over");
        assertEquals(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hello")), ready.transcript());
        assertFalse(after.written.contains(audio("unheard")), "sound of the time away would be stale");
        assertEquals(
                List.of(EndCause.REATTACHED),
                here.services.endings.stream().map(Ended::cause).toList());

        here.model.says(audio("heard"));
        await().until(() -> after.written.contains(audio("heard")));
    }

    @Test
    void aReplyThatEndedMeanwhileDoesNotGoOn() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream after = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        here.model.says(audio("heard"));

        session.onClientClosed(before, EndCause.CLIENT_LOST, false);
        here.model.says(new ServerMessage.TurnComplete(null));
        here.comesBack(after, token);

        await().until(() -> !after.written.isEmpty());
        assertFalse(assertInstanceOf(GatewayMessage.Ready.class, after.written.getFirst(), after.written::toString)
                .answering());
    }

    @Test
    void theModelIsToldThatTheMicrophoneIsGone() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);

        session.onClientClosed(client, EndCause.CLIENT_LOST, false);

        await().until(() -> here.model.received.contains(ClientMessage.Signal.AUDIO_STREAM_END));
    }

    @Test
    void aConversationWaitsForTheGraceTimeAndNoLonger() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);

        session.onClientClosed(client, EndCause.CLIENT_LOST, false);
        here.services.advance(Duration.ofSeconds(15));
        session.checkDeadlines();
        assertInstanceOf(Live.class, session.state());

        here.services.advance(Duration.ofMillis(1));
        session.checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, cause(here));
    }

    /** The two moments of an end at which a session is neither held nor recorded, if the order is wrong. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTokenThatArrivesWhileASessionEndsForGoodDoesNotContinueIt(boolean beforeRecord) throws Exception {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        String token = tokenOf(client);
        String request = here.services
                .tokens()
                .sealRequest(here.services.tokens().open(token, new TokenOwner("none", null)))
                .orElseThrow();
        List<LiveSession> resumed = new ArrayList<>();
        List<Handover> answers = new ArrayList<>();
        (beforeRecord ? here.beforeRecord : here.afterRemoval).set(() -> {
            resumed.add(here.comesBack(new FakeDownstream(true), token));
            try {
                answers.add(here.comebacks.handOver(request));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);

        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, resumed.getFirst().state()).cause());
        assertEquals(1, here.refused("over"));
        assertEquals(List.of(new Handover.Refused()), answers);
        assertEquals(1, here.model.dialled.get());
    }

    @Test
    void whoHangsUpIsNotWaitedFor() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        String token = tokenOf(client);

        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
        LiveSession refused = here.comesBack(new FakeDownstream(true), token);

        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, refused.state()).cause());
        assertEquals(1, here.refused("over"));
    }

    @Test
    void theNewestSocketWins() {
        FakeDownstream first = new FakeDownstream(true);
        FakeDownstream second = new FakeDownstream(true);
        LiveSession session = talk(here, first);

        here.comesBack(second, tokenOf(first));
        await().until(() -> !first.closes.isEmpty());

        assertEquals(EndCause.MOVED, first.closes.getFirst().cause());
        assertTrue(session.serves(second));
        assertFalse(session.serves(first));
        // The older socket's close is no loss.
        session.onClientClosed(first, EndCause.CLIENT_LOST, false);
        here.model.says(audio("goes on"));
        await().until(() -> second.written.contains(audio("goes on")));
    }

    @Test
    void aWriteThatFailsAfterTheClientCameBackEndsNothing() {
        FakeDownstream first = new FakeDownstream(true);
        LiveSession session = talk(here, first);
        first.stall();
        here.model.says(audio("stuck"));
        await().until(() -> first.outstanding() == 1);

        here.comesBack(new FakeDownstream(true), tokenOf(first));
        first.fail(new IllegalStateException("closed"));
        here.services.advance(Duration.ofSeconds(5));
        session.checkDeadlines();

        assertInstanceOf(Live.class, session.state());
    }

    @Test
    void anOlderTokenIsRefusedOnceANewerWasUsed() {
        FakeDownstream first = new FakeDownstream(true);
        LiveSession session = talk(here, first);
        String old = tokenOf(first);
        here.services.advance(Duration.ofSeconds(2));
        here.model.says(new ServerMessage.ResumptionUpdate("h2", true, "{}"));
        session.checkDeadlines();
        await().until(() -> offers(first).size() == 2);

        here.comesBack(new FakeDownstream(true), tokenOf(first));
        LiveSession refused = here.comesBack(new FakeDownstream(true), old);

        assertNotSame(session, refused);
        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, refused.state()).cause());
        assertEquals(1, here.refused("replayed"));
        assertInstanceOf(Live.class, session.state());
    }

    // ---- one use -------------------------------------------------------------------------------------------------

    /** The owner is back and has the next token: a copy of the one it came with is worth nothing. */
    @Test
    void aTokenIsGoodForOneUse() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream owner = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        session.onClientClosed(before, EndCause.CLIENT_LOST, false);
        here.comesBack(owner, token);
        session.checkDeadlines();
        await().until(() -> !owner.probes.isEmpty());

        for (int i = 0; i < 3; i++) {
            assertRefused(here, here.comesBack(new FakeDownstream(true), token));
        }

        assertEquals(3, here.refused("replayed"));
        assertInstanceOf(Live.class, session.state());
        assertTrue(session.serves(owner));
        assertEquals(List.of(), owner.closes);
        assertNotSame(token, tokenOf(owner));
    }

    /** The thief is first: the owner's copy is refused once the thief has the next one, and nobody is told anything. */
    @Test
    void theSecondOfTwoWhoHoldATokenIsRefused() {
        FakeDownstream owner = new FakeDownstream(true);
        FakeDownstream thief = new FakeDownstream(true);
        LiveSession session = talk(here, owner);
        String token = tokenOf(owner);
        here.comesBack(thief, token);
        session.checkDeadlines();
        await().until(() -> !thief.probes.isEmpty());

        FakeDownstream again = new FakeDownstream(true);
        assertRefused(here, here.comesBack(again, token));

        assertEquals(List.of(), all(again, GatewayMessage.Ready.class).toList());
    }

    /** Everything that was sent to it after its first use was lost: it holds the used token alone. */
    @Test
    void aClientWhoseAnswerWasLostComesBackWithTheSameToken() {
        FakeDownstream before = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        session.onClientClosed(before, EndCause.CLIENT_LOST, false);

        for (int i = 0; i < 3; i++) {
            FakeDownstream lossy = new FakeDownstream(true).deaf();
            assertSame(session, here.comesBack(lossy, token));
            session.checkDeadlines();
            await().until(() -> !lossy.probes.isEmpty());
            here.services.advance(Duration.ofSeconds(8));
            session.onClientClosed(lossy, EndCause.CLIENT_LOST, false);
            here.services.advance(Duration.ofSeconds(8));
        }
        FakeDownstream after = new FakeDownstream(true);
        assertSame(session, here.comesBack(after, token));
        session.checkDeadlines();
        await().until(() -> !after.probes.isEmpty());

        assertRefused(here, here.comesBack(new FakeDownstream(true), token));
    }

    /** A sign that comes late, over a socket that another has replaced, retires nothing. */
    @Test
    void theSignOfAReplacedSocketDoesNotRetireTheToken() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        here.comesBack(lossy, token);
        session.checkDeadlines();
        await().until(() -> !lossy.probes.isEmpty());
        here.comesBack(new FakeDownstream(true).deaf(), token);

        lossy.probes.getFirst().run();

        assertSame(session, here.comesBack(new FakeDownstream(true), token));
    }

    @Test
    void afterItsConversationHasEndedAUsedTokenIsGoodForTheGraceTimeOnly() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        here.comesBack(lossy, token);
        session.onClientClosed(lossy, EndCause.CLIENT_LOST, false);
        here.services.advance(Duration.ofSeconds(16));
        session.checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, cause(here));

        here.services.advance(Duration.ofSeconds(16));

        assertRefused(here, here.comesBack(new FakeDownstream(true), token));
        assertEquals(1, here.refused("replayed"));
    }

    @Test
    void withinTheGraceTimeItIsStillGood() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        here.comesBack(lossy, token);
        session.onClientClosed(lossy, EndCause.CLIENT_LOST, false);
        here.services.advance(Duration.ofSeconds(16));
        session.checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, cause(here));

        here.services.advance(Duration.ofSeconds(14));
        LiveSession again = here.comesBack(new FakeDownstream(true), token);

        assertEquals(session.id(), again.id());
        answerSetup(here);
        await().until(() -> again.state() instanceof Live);
    }

    /** Used and confirmed at one instance, it is worth nothing at the others, which ask. */
    @Test
    void aTokenThatWasUsedElsewhereIsRefusedEverywhere() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream owner = new FakeDownstream(true);
        talk(here, before);
        String token = tokenOf(before);
        LiveSession taken = there.comesBack(owner, token);
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        taken.checkDeadlines();
        await().until(() -> !owner.probes.isEmpty());

        for (Instance each : List.of(here, there)) {
            LiveSession refused = each.comesBack(new FakeDownstream(true), token);

            await().until(() -> refused.state() instanceof Ended);
            assertRefused(each, refused);
        }

        assertInstanceOf(Live.class, taken.state());
        assertTrue(taken.serves(owner));
        assertEquals(1, there.model.open.get());
        assertEquals(0, here.model.open.get());
    }

    /** It was handed over, the answer was lost on the way to the client, which asks the first instance next. */
    @Test
    void aClientWhoseAnswerWasLostElsewhereGoesOnFromThere() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream lossy = new FakeDownstream(true).deaf();
        talk(here, before);
        String token = tokenOf(before);
        LiveSession taken = there.comesBack(lossy, token);
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        taken.checkDeadlines();
        await().until(() -> !lossy.probes.isEmpty());

        LiveSession back = here.comesBack(new FakeDownstream(true), token);
        answerSetup(here);

        await().until(() -> back.state() instanceof Live);
        assertEquals(taken.id(), back.id());
        assertEquals(0, there.model.open.get(), "never two connections to the model");
    }

    /** Who handed it over and can't ask any more trusts a used token for the grace time only. */
    @Test
    void whenTheNextHolderIsDeadAUsedTokenIsGoodForTheGraceTimeOnly() {
        FakeDownstream before = new FakeDownstream(true);
        talk(here, before);
        String token = tokenOf(before);
        LiveSession taken = there.comesBack(new FakeDownstream(true), token);
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        reachable.remove(THERE);
        here.services.advance(Duration.ofSeconds(16));

        LiveSession refused = here.comesBack(new FakeDownstream(true), token);

        await().until(() -> refused.state() instanceof Ended);
        assertRefused(here, refused);
    }

    // ---- whose it is -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "https://evil.example:443", "http://talk.example.com:80", "https://talk.example.com:8443"
            })
    void aTokenIsGoodForThePageThatItWasGivenTo(String thief) {
        FakeDownstream owner = new FakeDownstream(true).from("https://talk.example.com:443");
        LiveSession session = talk(here, owner);
        String token = tokenOf(owner);

        for (Instance each : List.of(here, there)) {
            FakeDownstream elsewhere = new FakeDownstream(true).from(thief);
            LiveSession refused = each.comesBack(elsewhere, token);

            assertRefused(each, refused);
            await().until(() -> !elsewhere.closes.isEmpty());
            assertEquals(
                    EndCause.RESUME_REFUSED.sentence(),
                    elsewhere.closes.getFirst().reason());
            assertEquals(1, each.refused("foreign"));
        }
        assertInstanceOf(Live.class, session.state());
        assertSame(session, here.comesBack(new FakeDownstream(true).from("https://talk.example.com:443"), token));
    }

    @Test
    void aTokenIsGoodForTheCallerThatItWasGivenToWhateverTheCredential() {
        FakeDownstream owner = new FakeDownstream(true).of(caller("oidc:alice", CallerKind.BEARER));
        LiveSession session = talk(here, owner);
        String token = tokenOf(owner);

        for (Instance each : List.of(here, there)) {
            List<FakeDownstream> thieves = List.of(
                    new FakeDownstream(true),
                    new FakeDownstream(true).of(caller("oidc:mallory", CallerKind.BEARER)),
                    new FakeDownstream(true).of(caller("key:alice", CallerKind.KEY)),
                    new FakeDownstream(true).of(caller("anonymous:7f000001", CallerKind.ANONYMOUS)));
            thieves.forEach(thief -> assertRefused(each, each.comesBack(thief, token)));
            assertEquals(thieves.size(), each.refused("foreign"));
        }
        assertInstanceOf(Live.class, session.state());
        FakeDownstream again = new FakeDownstream(true).of(caller("oidc:alice", CallerKind.TICKET));
        assertSame(session, here.comesBack(again, token));
    }

    @Test
    void anInstanceTakesAConversationOverForItsCallerAndNobodyElse() throws Exception {
        FakeDownstream owner = new FakeDownstream(true).of(caller("key:shop", CallerKind.KEY));
        talk(here, owner);
        FakeDownstream moved = new FakeDownstream(true).of(caller("key:shop", CallerKind.KEY));
        LiveSession taken = there.comesBack(moved, tokenOf(owner));
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        taken.checkDeadlines();
        await().until(() -> !offers(moved).isEmpty());

        assertEquals(
                "h1",
                there.services
                        .tokens()
                        .open(tokenOf(moved), new TokenOwner("none", "key:shop"))
                        .handle());
        assertRefused(there, there.comesBack(new FakeDownstream(true), tokenOf(moved)));
    }

    @Test
    void anAnonymousVisitorMayComeBackFromAnotherAddress() {
        FakeDownstream owner = new FakeDownstream(true).of(caller("anonymous:c0000201", CallerKind.ANONYMOUS));
        LiveSession session = talk(here, owner);

        FakeDownstream again = new FakeDownstream(true).of(caller("anonymous:c6336401", CallerKind.ANONYMOUS));
        assertSame(session, here.comesBack(again, tokenOf(owner)));
    }

    private static Caller caller(String subject, CallerKind kind) {
        return new Caller(subject, kind, Set.of(), "", null, Caller.DEFAULT_RULE);
    }

    @Test
    void afterAMoveItIsStillBoundToItsPage() {
        FakeDownstream owner = new FakeDownstream(true).from("https://talk.example.com:443");
        talk(here, owner);
        FakeDownstream moved = new FakeDownstream(true).from("https://talk.example.com:443");
        LiveSession taken = there.comesBack(moved, tokenOf(owner));
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        taken.checkDeadlines();
        await().until(() -> !offers(moved).isEmpty());

        assertRefused(there, there.comesBack(new FakeDownstream(true), tokenOf(moved)));
    }

    // ---- what instances ask each other -----------------------------------------------------------------------------

    /** D3: what a client holds is no request, and what instances say is no token. */
    @Test
    void aClientsTokenIsNoRequestOfAnInstance() throws Exception {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        String token = tokenOf(client);

        assertEquals(new Handover.Unknown(), here.comebacks.handOver(token));

        assertInstanceOf(Live.class, session.state());
        assertEquals(1, here.refused("misused"));
        String request = here.services
                .tokens()
                .sealRequest(here.services.tokens().open(token, new TokenOwner("none", null)))
                .orElseThrow();
        assertRefused(here, here.comesBack(new FakeDownstream(true), request));
        assertInstanceOf(Live.class, session.state());
    }

    @Test
    void aRequestIsGoodForAMinute() throws Exception {
        FakeDownstream client = new FakeDownstream(true);
        talk(here, client);
        String request = there.services
                .tokens()
                .sealRequest(there.services.tokens().open(tokenOf(client), new TokenOwner("none", null)))
                .orElseThrow();

        here.services.advance(Duration.ofMinutes(1));

        assertEquals(new Handover.Unknown(), here.comebacks.handOver(request));
        assertEquals(1, here.refused("expired"));
    }

    /** Whoever answers at the holder's address can't pass another conversation off as the one that was asked for. */
    @Test
    void theAnswerMustBeOfTheSameConversation() throws Exception {
        FakeDownstream client = new FakeDownstream(true);
        FakeDownstream other = new FakeDownstream(true);
        talk(here, client);
        String token = tokenOf(client);
        LiveSession strange = talk(here, other);
        strangers.put(HERE, new Handover.Released(strange.release().orElseThrow()));

        LiveSession taken = there.comesBack(new FakeDownstream(true), token);
        answerSetup(there);

        await().until(() -> taken.state() instanceof Live);
        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
        assertEquals(1, there.outcome("token"));
    }

    /** E2: the instance that holds it could not be asked, because it has no address. */
    @Test
    void anInstanceWithoutAnAddressCanNotBeAskedWhichIsCounted() {
        Instance nameless = new Instance(null);
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(nameless, client);

        LiveSession taken = there.comesBack(new FakeDownstream(true), tokenOf(client));
        answerSetup(there);

        await().until(() -> taken.state() instanceof Live);
        assertEquals(1, there.outcome("token_unasked"));
        // Its client is gone, so it lets go after the grace time.
        session.onClientClosed(client, EndCause.CLIENT_LOST, false);
        nameless.services.advance(Duration.ofSeconds(16));
        session.checkDeadlines();
        assertEquals(EndCause.CLIENT_LOST, cause(nameless));
    }

    private static void assertRefused(Instance instance, LiveSession session) {
        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, session.state(), instance.name).cause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "AQJrMQAAAAAAAAAAAAAAAA"})
    void whatIsNoTokenIsRefused(String token) {
        FakeDownstream client = new FakeDownstream(true);

        LiveSession refused = here.comesBack(client, token);

        await().until(() -> !client.closes.isEmpty());
        assertEquals(EndCause.RESUME_REFUSED, client.closes.getFirst().cause());
        assertEquals(
                EndCause.RESUME_REFUSED.sentence(), client.closes.getFirst().reason());
        assertInstanceOf(Ended.class, refused.state());
        assertEquals(1, here.refused("malformed"));
    }

    // ---- at another instance ---------------------------------------------------------------------------------------

    @Test
    void anotherInstanceTakesOverAfterTheFirstHasLetGo() {
        FakeDownstream before = new FakeDownstream(true);
        FakeDownstream after = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        String token = tokenOf(before);
        here.model.says(new ServerMessage.ResumptionUpdate("newer-than-the-token", true, "{}"));

        LiveSession taken = there.comesBack(after, token);
        answerSetup(there);

        await().until(() -> taken.state() instanceof Live);
        assertEquals(session.id(), taken.id());
        assertEquals(EndCause.MOVED, cause(here));
        assertEquals(0, here.model.open.get(), "never two connections to the model");
        assertEquals(List.of(new Continuation.Resumed("newer-than-the-token", "m")), there.model.continuations);
        await().until(() -> !after.written.isEmpty());
        GatewayMessage.Ready ready =
                assertInstanceOf(GatewayMessage.Ready.class, after.written.getFirst(), after.written::toString);
        assertTrue(ready.resumed());
        assertEquals(List.of(new TranscriptEntry(TranscriptEntry.Role.USER, "Hello")), ready.transcript());
        await().until(() -> before.closes.size() == 1);
        assertEquals(EndCause.MOVED, before.closes.getFirst().cause());
    }

    @Test
    void whenTheFirstIsDeadTheTokenHasToDo() {
        FakeDownstream before = new FakeDownstream(true);
        talk(here, before);
        reachable.remove(HERE);

        LiveSession taken = there.comesBack(new FakeDownstream(true), tokenOf(before));
        answerSetup(there);

        await().until(() -> taken.state() instanceof Live);
        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
    }

    @Test
    void withoutAHandleTheWordsAreToldAnew() {
        FakeDownstream before = new FakeDownstream(true);
        LiveSession session = begin(here, before);
        here.model.says(new ServerMessage.Transcription(TranscriptSource.INPUT, "Hello", false, "{}"));
        session.checkDeadlines();
        await().until(() -> !offers(before).isEmpty());
        reachable.remove(HERE);
        FakeDownstream after = new FakeDownstream(true);

        there.comesBack(after, tokenOf(before));
        answerSetup(there);

        await().until(() -> !after.written.isEmpty());
        assertEquals(
                GatewayMessage.Memory.REBUILT,
                assertInstanceOf(GatewayMessage.Ready.class, after.written.getFirst(), () -> after.written.toString())
                        .memory());
    }

    @Test
    void theSameTokenAgainAtAThirdPlaceFindsTheSecond() {
        FakeDownstream before = new FakeDownstream(true);
        talk(here, before);
        String token = tokenOf(before);
        LiveSession second = there.comesBack(new FakeDownstream(true), token);
        answerSetup(there);
        await().until(() -> second.state() instanceof Live);

        // The second's answer was lost; the client tries once more and reaches the first.
        LiveSession third = here.comesBack(new FakeDownstream(true), token);

        await().until(() -> second.state() instanceof Ended);
        assertEquals(EndCause.MOVED, cause(there));
        answerSetup(here);
        assertEquals(2, here.model.dialled.get());
        await().until(() -> third.state() instanceof Live);
        assertEquals(0, there.model.open.get());
    }

    @Test
    void anOldTokenIsRefusedAtAnotherInstanceToo() {
        FakeDownstream first = new FakeDownstream(true);
        LiveSession session = talk(here, first);
        String old = tokenOf(first);
        here.services.advance(Duration.ofSeconds(2));
        here.model.says(new ServerMessage.ResumptionUpdate("h2", true, "{}"));
        session.checkDeadlines();
        await().until(() -> offers(first).size() == 2);
        FakeDownstream second = new FakeDownstream(true);
        here.comesBack(second, tokenOf(first));

        LiveSession refused = there.comesBack(new FakeDownstream(true), old);

        await().until(() -> refused.state() instanceof Ended);
        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, refused.state()).cause());
        assertInstanceOf(Live.class, session.state());
        assertEquals(0, there.model.dialled.get());
    }

    @Test
    void aRequestThatCanNotBeReadGetsNothingAndIsCounted() throws InterruptedException {
        assertInstanceOf(Handover.Unknown.class, here.comebacks.handOver("nonsense"));
        assertEquals(1, here.refused("malformed"));
    }

    /** Addresses are used again, by another release with other keys, or by something else entirely. */
    @ParameterizedTest
    @MethodSource
    void aStrangerAtTheHoldersAddressChangesNothing(Handover answer) {
        FakeDownstream before = new FakeDownstream(true);
        talk(here, before);
        strangers.put(HERE, answer);

        LiveSession taken = there.comesBack(new FakeDownstream(true), tokenOf(before));
        answerSetup(there);

        await().until(() -> taken.state() instanceof Live);
        assertEquals(List.of(new Continuation.Resumed("h1", "m")), there.model.continuations);
    }

    static Stream<Handover> aStrangerAtTheHoldersAddressChangesNothing() {
        return Stream.of(new Handover.Unknown(), new Handover.Released("<html>Welcome</html>"));
    }

    @ParameterizedTest
    @EnumSource(
            value = EndCause.class,
            names = {"CLIENT_CLOSED", "IDLE_TIMEOUT", "MAX_DURATION", "POLICY"})
    void whatIsOverForGoodIsNotTakenUpAgainAnywhere(EndCause cause) {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        session.end(cause, cause.sentence());

        LiveSession refused = there.comesBack(new FakeDownstream(true), tokenOf(client));

        await().until(() -> refused.state() instanceof Ended);
        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, refused.state()).cause());
    }

    @Test
    void theLongestLifeIsTheSameOnEveryInstance() {
        FakeDownstream before = new FakeDownstream(true);
        LiveSession session = talk(here, before);
        here.services.advance(Duration.ofMinutes(119));
        there.services.advance(Duration.ofMinutes(119));
        here.model.says(audio("still here"));
        session.checkDeadlines();
        await().until(() -> offers(before).size() == 2);
        LiveSession taken = there.comesBack(new FakeDownstream(true), tokenOf(before));
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);

        there.services.advance(Duration.ofMinutes(2));
        taken.checkDeadlines();

        assertEquals(
                EndCause.MAX_DURATION,
                assertInstanceOf(Ended.class, taken.state()).cause());
    }

    // ---- the process goes --------------------------------------------------------------------------------------

    @Test
    void aLeavingInstanceMovesItsConversationInThePause() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        here.model.saysAt(here.services.now(), audio("in the middle"));
        long now = here.services.now();
        session.drain(new DrainWindow(now, now + Duration.ofSeconds(45).toNanos()));
        session.checkDeadlines();
        assertInstanceOf(Live.class, session.state(), "a reply is not cut");

        here.model.saysAt(here.services.now(), new ServerMessage.TurnComplete(null));
        here.services.advance(Duration.ofSeconds(3));
        session.checkDeadlines();
        await().until(() -> client.written.stream().anyMatch(GatewayMessage.Migrate.class::isInstance));

        assertEquals(0, here.model.open.get(), "the connection to the model is closed first");
        assertEquals(List.of(), client.closes, "the client has a moment");
        LiveSession taken = there.comesBack(new FakeDownstream(true), migrateToken(client));
        answerSetup(there);
        await().until(() -> taken.state() instanceof Live);
        assertEquals(EndCause.DRAIN, cause(here));
        await().until(() -> !client.closes.isEmpty());
        assertEquals(EndCause.DRAIN, client.closes.getFirst().cause());
    }

    @Test
    void whoDoesNotMoveIsClosedAfterAMoment() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        long now = here.services.now();
        session.drain(new DrainWindow(now, now));
        session.checkDeadlines();
        await().until(() -> client.written.stream().anyMatch(GatewayMessage.Migrate.class::isInstance));

        // The interval lets the session's threads keep up with the clock.
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            here.services.advance(Duration.ofSeconds(1));
            session.checkDeadlines();
            return session.state() instanceof Ended;
        });

        assertEquals(EndCause.DRAIN, cause(here));
    }

    @Test
    void atTheDeadlineATurnIsCut() {
        FakeDownstream client = new FakeDownstream(true);
        LiveSession session = talk(here, client);
        here.model.says(audio("endless"));
        long now = here.services.now();
        session.drain(new DrainWindow(now, now + 1));

        here.services.advance(Duration.ofNanos(1));
        session.checkDeadlines();

        await().until(() -> client.written.stream().anyMatch(GatewayMessage.Migrate.class::isInstance));
    }

    @Test
    void whoKnowsNoTokensIsClosedInThePause() {
        FakeDownstream client = new FakeDownstream(false);
        LiveSession session = begin(here, client);
        here.model.saysAt(here.services.now(), audio("in the middle"));
        long now = here.services.now();
        session.drain(new DrainWindow(now, now + Duration.ofSeconds(45).toNanos()));
        session.checkDeadlines();
        assertInstanceOf(Live.class, session.state());

        here.model.saysAt(here.services.now(), new ServerMessage.TurnComplete(null));
        here.services.advance(Duration.ofSeconds(3));
        session.checkDeadlines();

        assertEquals(EndCause.DRAIN, cause(here));
        await().until(() -> !client.closes.isEmpty());
        assertEquals(EndCause.DRAIN, client.closes.getFirst().cause());
    }

    // ---- how they talk -----------------------------------------------------------------------------------------

    /** A conversation that is live. */
    private LiveSession begin(Instance instance, FakeDownstream client) {
        LiveSession session = instance.arrive(client);
        session.onClientMessages(List.of(SETUP), 0);
        answerSetup(instance);
        await().until(() -> session.state() instanceof Live);
        return session;
    }

    /** A conversation with a handle and some words, whose client holds a token. */
    private LiveSession talk(Instance instance, FakeDownstream client) {
        LiveSession session = begin(instance, client);
        instance.model.says(
                new ServerMessage.Transcription(TranscriptSource.INPUT, "Hello", false, "{}"),
                new ServerMessage.ResumptionUpdate("h1", true, "{}"));
        session.checkDeadlines();
        await().until(() -> !offers(client).isEmpty());
        return session;
    }

    private static void answerSetup(Instance instance) {
        await().until(instance.model::awaitsSetupComplete);
        instance.model.says(new ServerMessage.SetupComplete("{}"));
    }

    private static EndCause cause(Instance instance) {
        await().until(() -> instance.services.endings.stream().anyMatch(end -> end.cause() != EndCause.REATTACHED));
        return instance.services.endings.stream()
                .map(Ended::cause)
                .filter(cause -> cause != EndCause.REATTACHED)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> offers(FakeDownstream client) {
        return all(client, GatewayMessage.ResumeOffer.class)
                .map(GatewayMessage.ResumeOffer::token)
                .toList();
    }

    private static String tokenOf(FakeDownstream client) {
        return offers(client).getLast();
    }

    private static String migrateToken(FakeDownstream client) {
        return all(client, GatewayMessage.Migrate.class)
                .findFirst()
                .orElseThrow()
                .token();
    }

    private static <T extends DownstreamMessage> Stream<T> all(FakeDownstream client, Class<T> type) {
        return client.written.stream().filter(type::isInstance).map(type::cast);
    }

    private static ServerMessage.Audio audio(String data) {
        return new ServerMessage.Audio(new Base64Text(data), "audio/pcm;rate=24000");
    }
}
