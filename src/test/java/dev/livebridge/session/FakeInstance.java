package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.resumption.ResumeRefusedException;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.token.HandoverPeers;
import dev.livebridge.session.token.TokenOwner;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.Counter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One instance of the service, with a model and a clock of its own. */
final class FakeInstance {

    /** The owner of the tokens of a client without an origin and without a subject. */
    static final TokenOwner NO_OWNER = new TokenOwner("none", null);

    private static final ClientMessage.Setup SETUP = new ClientMessage.Setup("{\"a\":1}");

    /**
     * A live session whose client holds a token.
     *
     * @param token the token that the client has received first
     */
    record Conversation(FakeDownstream client, LiveSession session, String token) {

        /** The client's connection is lost. */
        void loseClient() {
            session.onClientClosed(client, EndCause.CLIENT_LOST, false);
        }
    }

    final FakeModel model = FakeModel.speaking();

    /** Runs once, before the end of a session is recorded. */
    final AtomicReference<@Nullable Runnable> beforeRecord = new AtomicReference<>();

    /** Runs once, after a session that has ended is removed. */
    final AtomicReference<@Nullable Runnable> afterRemoval = new AtomicReference<>();

    final FakeServices services;
    final SessionResumption resumption;

    private final Map<String, LiveSession> sessions = new ConcurrentHashMap<>() {
        @Override
        public boolean remove(Object id, Object session) {
            boolean removed = super.remove(id, session);
            runOnce(afterRemoval);
            return removed;
        }
    };

    private final String name;
    private int arrivals;

    /** @param address where the other instances reach this one; null when they can't */
    FakeInstance(@Nullable URI address, HandoverPeers peers) {
        name = (address == null ? "nameless" : address.getHost()) + "-";
        services = new FakeServices(model, address) {
            @Override
            public void onEnded(LiveSession session, Ended ended) {
                super.onEnded(session, ended);
                runOnce(beforeRecord);
                resumption.onEnded(session, ended);
            }
        };
        resumption = new SessionResumption(
                services.context(),
                services,
                sessions,
                (session, dialect) -> sessions.put(session.id(), session),
                peers);
    }

    private static void runOnce(AtomicReference<@Nullable Runnable> hook) {
        Runnable action = hook.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    private LiveSession arrive(FakeDownstream client) {
        arrivals++;
        LiveSession session = new LiveSession(
                name + arrivals, "live", client, new ConversationMemory(), services.context(), services);
        sessions.put(session.id(), session);
        return session;
    }

    /** A live session. */
    LiveSession begin(FakeDownstream client) {
        LiveSession session = arrive(client);
        session.onClientMessages(List.of(SETUP), 0);
        confirmSetup();
        await().until(() -> session.state() instanceof Live);
        return session;
    }

    /** A live session with the handle {@code h1} and a transcript, whose client holds a token. */
    Conversation talk() {
        return talk(new FakeDownstream(true));
    }

    /** The same, with a client that takes tokens. */
    Conversation talk(FakeDownstream client) {
        LiveSession session = begin(client);
        model.says(
                new ServerMessage.Transcription(TranscriptSource.INPUT, "Hello", false, "{}"),
                new ServerMessage.ResumptionUpdate("h1", true, "{}"));
        session.checkDeadlines();
        await().until(() -> !client.tokens().isEmpty());
        return new Conversation(client, session, client.token());
    }

    /** The conversation gets the handle {@code h2}, and its client a second token. */
    void renewToken(Conversation conversation) {
        services.advance(Duration.ofSeconds(2));
        model.says(new ServerMessage.ResumptionUpdate("h2", true, "{}"));
        conversation.session().checkDeadlines();
        await().until(() -> conversation.client().tokens().size() == 2);
    }

    /** The model confirms the setup of the newest connection. */
    void confirmSetup() {
        await().until(model::awaitsSetupComplete);
        model.says(new ServerMessage.SetupComplete("{}"));
    }

    /** A client shows a token; the session is not yet live when it needs a new connection to the model. */
    LiveSession resume(FakeDownstream client, String token) {
        return resumption.resume(arrive(client), token, client);
    }

    LiveSession resume(String token) {
        return resume(new FakeDownstream(true), token);
    }

    /** A client shows a token, and the session goes on over a new connection to the model. */
    LiveSession takeOver(FakeDownstream client, String token) {
        LiveSession taken = resume(client, token);
        confirmSetup();
        await().until(() -> taken.state() instanceof Live);
        return taken;
    }

    LiveSession takeOver(String token) {
        return takeOver(new FakeDownstream(true), token);
    }

    /** The session offers its next token and probes whether the client receives it. */
    static void probe(LiveSession session, FakeDownstream client) {
        session.checkDeadlines();
        await().until(() -> !client.probes.isEmpty());
    }

    /** The request with which this instance asks the holder of a token's session. */
    String request(String token) throws ResumeRefusedException {
        return services.tokens()
                .sealRequest(services.tokens().open(token, NO_OWNER))
                .orElseThrow();
    }

    // ---- results -------------------------------------------------------------------------------------------------

    /** The cause of the first session that has ended and was not continued by another socket. */
    EndCause cause() {
        await().until(() -> services.endings.stream().anyMatch(end -> end.cause() != EndCause.REATTACHED));
        return services.endings.stream()
                .map(Ended::cause)
                .filter(cause -> cause != EndCause.REATTACHED)
                .findFirst()
                .orElseThrow();
    }

    /** How many resumptions were refused for a reason. */
    double refused(String reason) {
        return outcome("refused_" + reason);
    }

    /** How many resumptions had an outcome. */
    double outcome(String outcome) {
        Counter counter = services.registry
                .find(Metric.RESUMPTIONS.id())
                .tag("outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    /** The resumption is refused already. */
    void assertRefused(LiveSession session) {
        assertEquals(
                EndCause.RESUME_REFUSED,
                assertInstanceOf(Ended.class, session.state(), name).cause());
    }

    /** The resumption is refused once the holder has answered. */
    void awaitRefused(LiveSession session) {
        await().until(() -> session.state() instanceof Ended);
        assertRefused(session);
    }

    /** The first message to a client is {@code ready}. */
    static GatewayMessage.Ready awaitReady(FakeDownstream client) {
        await().until(() -> !client.written.isEmpty());
        return assertInstanceOf(GatewayMessage.Ready.class, client.written.getFirst(), client.written::toString);
    }

    /** Ends every session, and checks that the instance has released everything. */
    void close() {
        sessions.values().forEach(session -> session.end(EndCause.INTERNAL, "over"));
        await().untilAsserted(() -> {
            assertEquals(0, model.open.get(), "upstream sockets");
            assertEquals(0, services.account().used(), "bytes in queues");
        });
    }
}
