package dev.livebridge.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.GatewayMessage.Memory;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.memory.ConversationMemory;
import dev.livebridge.session.upstream.RetryClass;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.telemetry.Metric;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A conversation between a fake client and a fake model, on a clock of its own. */
final class ConversationFixture {

    static final UpstreamEnd BROKEN = new UpstreamEnd(1006, EndCause.UPSTREAM_LOST, RetryClass.RESUME, "It broke.");
    static final UpstreamEnd INTERNAL_ERROR =
            new UpstreamEnd(1011, EndCause.UPSTREAM_LOST, RetryClass.RESUME, "Internal error.");
    static final UpstreamEnd UNKNOWN_HANDLE =
            new UpstreamEnd(1008, EndCause.UPSTREAM_REJECTED, RetryClass.FRESH, "Session not found.");

    static final ClientMessage.Setup SETUP = new ClientMessage.Setup("{}");

    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    final FakeDownstream client;
    final FakeModel model;
    final FakeServices services;
    final LiveSession session;

    ConversationFixture() {
        this(FakeModel.speaking());
    }

    ConversationFixture(FakeModel model) {
        this(model, new FakeServices(model));
    }

    ConversationFixture(FakeModel model, FakeServices services) {
        this(model, services, new FakeDownstream());
    }

    ConversationFixture(FakeModel model, FakeServices services, FakeDownstream client) {
        this(client, model, services);
        goLive();
    }

    /** A session whose client has sent nothing yet. */
    private ConversationFixture(FakeDownstream client, FakeModel model, FakeServices services) {
        this.client = client;
        this.model = model;
        this.services = services;
        this.session = new LiveSession(
                "talk-" + NEXT_ID.incrementAndGet(),
                "tutorial",
                client,
                new ConversationMemory(),
                services.context(),
                services);
    }

    /** A session whose client has sent nothing yet. */
    static ConversationFixture unopened(FakeModel model) {
        return unopened(model, new FakeServices(model));
    }

    /** A session whose client has sent nothing yet. */
    static ConversationFixture unopened(FakeModel model, FakeServices services) {
        return new ConversationFixture(new FakeDownstream(), model, services);
    }

    /** A session whose client takes resume tokens and has sent nothing yet. */
    static ConversationFixture resumable(FakeModel model) {
        return new ConversationFixture(new FakeDownstream(true), model, new FakeServices(model));
    }

    /** A session whose client has sent nothing yet, with other bounds of the queues, in bytes. */
    static ConversationFixture bounded(FakeModel model, long queueUp, long queueDown) {
        SessionLimits limits = FakeServices.limits(queueUp, queueDown, 100_000_000);
        return unopened(model, new FakeServices(model, limits, 100_000_000));
    }

    /** The client sends its setup, and more with it. */
    void begin(ClientMessage... more) {
        says(Stream.concat(Stream.of(SETUP), Stream.of(more)).toArray(ClientMessage[]::new));
    }

    /** The client sends its setup, the model confirms it, and the client gets {@code ready}. */
    void goLive() {
        begin();
        confirmed(1);
        await().until(() -> told(GatewayMessage.Ready.class) == 1);
        // The greeting is sent before the state changes.
        await().until(() -> session.state() instanceof SessionState.Live);
    }

    /** The client says something, now. */
    void says(ClientMessage... messages) {
        session.onClientMessages(List.of(messages), services.now());
    }

    /** The model says something, now. */
    void hears(ServerMessage... messages) {
        model.saysAt(services.now(), messages);
    }

    /** The model answers a ping, now; it has been sent so many. */
    void pongs(int pings) {
        await().until(() -> model.pings.get() == pings);
        model.listener().onPong(services.now());
    }

    /** One typed question and its answer, after which there is a new handle. */
    void exchange(String question, String answer, String handle) {
        int before = model.received.size();
        says(new ClientMessage.UserTurn(question));
        await().until(() -> model.received.size() > before);
        hears(new ServerMessage.Text(answer, false), new ServerMessage.GenerationComplete());
        hears(new ServerMessage.TurnComplete(null), handle(handle));
    }

    /** Waits until a connection is there and confirms its setup. */
    void confirmed(int connection) {
        await().until(() -> model.open.get() == 1 && model.dialled.get() >= connection);
        hears(new ServerMessage.SetupComplete("{}"));
    }

    /** The model is there again, with this memory. */
    void awaitReconnected(int connection, Memory memory) {
        confirmed(connection);
        await().until(() -> client.written.contains(new GatewayMessage.Reconnected(memory)));
    }

    /** How often the model has received a typed text. */
    long timesReceived(String text) {
        return model.received.stream().filter(typed(text)::equals).count();
    }

    /** How often a watchdog has acted. */
    double watchdogTrips(String kind) {
        return services.registry.find(Metric.WATCHDOG.id()).tag("kind", kind).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How often the connection to the model was replaced, by one tag. */
    double rotations(String tag, String value) {
        return services.registry
                .get(Metric.UPSTREAM_ROTATIONS.id())
                .tag(tag, value)
                .counter()
                .count();
    }

    /** The clock goes on, and the registry looks at the session. */
    void passes(Duration time) {
        services.advance(time);
        session.checkDeadlines();
    }

    long told(Class<? extends DownstreamMessage> kind) {
        return client.written.stream().filter(kind::isInstance).count();
    }

    boolean told(Predicate<DownstreamMessage> what) {
        return client.written.stream().anyMatch(what);
    }

    /** The client's socket has been closed, for this cause. */
    void awaitClosed(EndCause cause) {
        await().until(() -> client.closes.size() == 1);
        assertEquals(cause, client.closes.getFirst().cause());
    }

    /** The client closes its socket. */
    void hangUp() {
        session.onClientClosed(client, EndCause.CLIENT_CLOSED, true);
    }

    /** Hangs up, and checks that the session has released everything. */
    void over() {
        hangUp();
        awaitReleased();
        assertEquals(1, model.mostOpen.get(), "more than one upstream at a time");
        assertEquals(1, services.endings.size());
    }

    /** The session has ended and released everything. */
    void awaitReleased() {
        await().untilAsserted(() -> {
            assertEquals(0, model.open.get(), "upstream sockets left open");
            assertEquals(0, services.account().used(), "queue bytes never given back");
            assertTrue(
                    Stream.concat(client.writers.stream(), model.writers.stream())
                            .noneMatch(thread -> thread.isVirtual() && thread.isAlive()),
                    "pumps still running");
        });
    }

    static ServerMessage handle(String handle) {
        return new ServerMessage.ResumptionUpdate(handle, true, "{}");
    }

    static ServerMessage noHandleNow() {
        return new ServerMessage.ResumptionUpdate(null, false, "{}");
    }

    static ClientMessage typed(String text) {
        return new ClientMessage.UserTurn(text);
    }

    static ClientMessage sound(String base64) {
        return new ClientMessage.Audio(new Base64Text(base64), "audio/pcm");
    }

    static ClientMessage picture(String base64) {
        return new ClientMessage.Video(new Base64Text(base64), "image/jpeg");
    }

    static Predicate<DownstreamMessage> isProblem(String code) {
        return message -> message instanceof GatewayMessage.Problem problem
                && problem.code().equals(code);
    }

    static ServerMessage transcript(TranscriptSource source, String text) {
        return new ServerMessage.Transcription(source, text, false, "{}");
    }

    static ServerMessage voice(String base64) {
        return new ServerMessage.Audio(new Base64Text(base64), "audio/pcm;rate=24000");
    }
}
