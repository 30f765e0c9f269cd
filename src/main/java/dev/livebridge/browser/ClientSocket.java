package dev.livebridge.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.access.Caller;
import dev.livebridge.access.TokenGrant;
import dev.livebridge.agents.AgentRefusedException;
import dev.livebridge.browser.AgentAssignment.Handshake;
import dev.livebridge.browser.CapacityCheck.Place;
import dev.livebridge.browser.dialect.BadInputException;
import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.OutboundFrame;
import dev.livebridge.browser.guard.GuardListener;
import dev.livebridge.http.Origin;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.EndCause;
import dev.livebridge.message.MediaText;
import dev.livebridge.session.Downstream;
import dev.livebridge.session.LiveSession;
import dev.livebridge.session.budget.ConversationBudget;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.UpstreamEnd;
import dev.livebridge.socket.MessageChannel;
import dev.livebridge.socket.MessageReceiver;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketConnection;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket connection. Decodes the client's frames by its dialect and passes them to its session; encodes
 * and sends the session's messages.
 *
 * <p>Frames are decoded on the connection's event loop. Large JSON frames are decoded by {@link ReadingThreads}
 * instead; later frames of the same connection wait for them ({@link InboundOrder}). So one thread decodes at a time,
 * and its writes are visible to the next.
 */
final class ClientSocket implements Downstream, GuardListener, MessageReceiver {

    static final TypedKey<ClientSocket> KEY = new TypedKey<>("livebridge.client");

    private static final Logger LOG = Logger.getLogger(ClientSocket.class);

    /** Characters; a longer {@code Origin} is truncated. Origins of browsers are far shorter. */
    private static final int MAX_ORIGIN_LENGTH = 300;

    private static final AtomicLong PROBES = new AtomicLong();

    private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();

    /**
     * Bytes; a larger JSON frame is not decoded on the event loop. Decoding this much takes less than a millisecond.
     */
    private static final int MAX_ON_EVENT_LOOP = 8 * 1024;

    private final WebSocketConnection connection;
    private final Dialect dialect;
    private final Dialect.Encoder encoder;
    private final ClientServices services;
    private final Place place;
    private final Caller caller;
    private final CredentialRenewal renewal;
    private final InboundOrder order;
    private final HeldBytes held = new HeldBytes();
    private final PictureThinning pictures;
    private volatile LiveSession session;
    private final @Nullable SampleAlignment samples;
    private boolean setupSeen;

    ClientSocket(WebSocketConnection connection, Dialect dialect, ClientServices services, Place place) {
        this.connection = connection;
        this.dialect = dialect;
        this.services = services;
        this.place = place;
        this.caller = connection.userData().get(AccessCheck.CALLER);
        this.renewal = new CredentialRenewal(services.access(), origin(), ContextInternal.current());
        this.samples = dialect.cutsSamples() ? new SampleAlignment() : null;
        this.encoder = dialect.newEncoder(System.nanoTime());
        this.order = new InboundOrder(this::runLater, held::addWaiting);
        this.pictures = new PictureThinning(
                services.picturesPerSecond(), services.meters().relay(dialect.label()), System.nanoTime());
        this.session = services.sessions().open(dialect.label(), this, place.slot());
        held.countFor(session);
        renewal.watch(place.guard(), caller, () -> session);
    }

    /**
     * The socket of a connection; {@link ClientEndpoint#open} stores it in the connection's user data. Nothing for a
     * connection that was refused.
     */
    static Optional<ClientSocket> of(WebSocketConnection connection) {
        return Optional.ofNullable(connection.userData().get(KEY));
    }

    /** A ping whose pong has not arrived. */
    private record Probe(String payload, Runnable received) {}

    /** Decodes one frame by the dialect. */
    @FunctionalInterface
    private interface FrameDecoder {
        List<ClientMessage> read() throws BadInputException;
    }

    @Override
    public void onText(Utf8Slice payload) {
        long receivedNanos = System.nanoTime();
        List<ClientMessage> media = order.idle() && setupSeen ? dialect.decodeMedia(payload) : null;
        if (media == null) {
            String text = payload.text();
            onFrame(
                    text.length(),
                    () -> setupSeen ? dialect.decode(text) : dialect.decodeFirst(text),
                    text.length() > MAX_ON_EVENT_LOOP,
                    receivedNanos);
        } else {
            read(payload.length(), () -> media, receivedNanos);
        }
    }

    @Override
    public void onBinary(Utf8Slice payload) {
        long receivedNanos = System.nanoTime();
        byte[] data = payload.copy();
        onFrame(
                data.length,
                () -> setupSeen ? dialect.decode(data) : dialect.decodeFirst(new String(data, UTF_8)),
                data.length > MAX_ON_EVENT_LOOP && (!setupSeen || dialect.binaryIsJson()),
                receivedNanos);
    }

    private void onFrame(int bytes, FrameDecoder decoder, boolean large, long receivedNanos) {
        if (large || !order.idle() || beginsByToken()) {
            order.defer(bytes, () -> read(bytes, decoder, receivedNanos));
        } else {
            read(bytes, decoder, receivedNanos);
        }
    }

    /** Whether the next frame is the first of a client with an ephemeral token, whose use is counted then. */
    private boolean beginsByToken() {
        return !setupSeen && caller.token() != null;
    }

    /** A virtual thread may wait for the store of the uses; the reading threads compute. */
    private void runLater(Runnable step) {
        if (beginsByToken()) {
            Thread.ofVirtual().name("livebridge-token").start(step);
        } else {
            services.readingThreads().run(step);
        }
    }

    /** Whether a session begins with its first messages; if not, it has ended. */
    private boolean begins(LiveSession current, List<ClientMessage> messages) {
        TokenGrant token = caller.token();
        return services.sessions().onSetup(current)
                && (token == null || services.tokenStarts().admit(token, messages, current));
    }

    private void read(int bytes, FrameDecoder decoder, long receivedNanos) {
        LiveSession current = session;
        if (!current.serves(this)) {
            return;
        }
        int limit = place.limits().messageBytes();
        if (bytes > limit) {
            current.end(
                    EndCause.MESSAGE_TOO_BIG,
                    "A message of " + bytes + " bytes is too big; the limit is " + limit + ".");
            return;
        }
        try {
            onMessages(current, decoder.read(), receivedNanos);
        } catch (BadInputException e) {
            onBadInput(current, e, receivedNanos);
        } catch (RuntimeException e) {
            current.fault("reading a frame of the client", e);
        }
    }

    private void onMessages(LiveSession current, List<ClientMessage> messages, long receivedNanos) {
        if (!setupSeen && !messages.isEmpty() && messages.getFirst() instanceof ClientMessage.Resume(String token)) {
            session = services.sessions().resume(current, token, this);
            held.countFor(session);
        } else if (setupSeen || begins(current, messages)) {
            deliver(current, messages, !setupSeen, receivedNanos);
        }
        setupSeen = true;
    }

    private void onBadInput(LiveSession current, BadInputException e, long receivedNanos) {
        services.meters().inputRejected(dialect.label(), e.code());
        // Otherwise the setup of a later frame would begin the conversation without an agent.
        if (!setupSeen && e.understood().stream().noneMatch(ClientMessage.Setup.class::isInstance)) {
            current.refuseSetup(e.getMessage());
            return;
        }
        if (!setupSeen && !begins(current, e.understood())) {
            return;
        }
        boolean first = !setupSeen;
        setupSeen = true;
        deliver(current, e.understood(), first, receivedNanos);
        if (dialect.badInputIsFatal()) {
            current.end(EndCause.BAD_MESSAGE, e.getMessage());
        } else {
            current.reportProblem(e.code(), e.getMessage());
        }
    }

    private void deliver(LiveSession current, List<ClientMessage> messages, boolean first, long receivedNanos) {
        List<ClientMessage> rest = services.safetyIdentifier().into(renewal.takeFrom(messages, current), caller);
        if (first) {
            try {
                rest = services.agents()
                        .into(
                                rest,
                                Handshake.of(connection.handshakeRequest()),
                                caller,
                                place.budget().permissions(),
                                dialect.label());
            } catch (AgentRefusedException e) {
                current.end(e.endCause(), e.sentence());
                return;
            }
        }
        current.onClientMessages(thinnedOut(current, rest, receivedNanos), receivedNanos);
    }

    // ---- pictures ------------------------------------------------------------------------------------------------

    private List<ClientMessage> thinnedOut(LiveSession current, List<ClientMessage> messages, long nowNanos) {
        List<ClientMessage> rest = pictures.thinOut(aligned(messages), nowNanos);
        if (pictures.takeFirstExcess()) {
            current.reportProblem(
                    "too_many_pictures",
                    "The client sends more pictures than the limit of " + services.picturesPerSecond()
                            + " per second. The gateway keeps the newest one and drops the others.");
        }
        Duration wait = pictures.takeWait(nowNanos);
        if (wait != null) {
            place.guard().later(this::onPictureDue, wait);
        }
        return rest;
    }

    private List<ClientMessage> aligned(List<ClientMessage> messages) {
        return samples == null ? messages : samples.align(messages);
    }

    private void onPictureDue() {
        if (order.idle()) {
            sendHeldPicture();
        } else {
            order.defer(0, this::sendHeldPicture);
        }
    }

    private void sendHeldPicture() {
        long now = System.nanoTime();
        ClientMessage.Video picture = pictures.due(now);
        LiveSession current = session;
        if (picture != null && current.serves(this)) {
            current.onClientMessages(List.of(picture), now);
        }
        Duration wait = pictures.takeWait(now);
        if (wait != null) {
            place.guard().later(this::onPictureDue, wait);
        }
    }

    // ---- events of the guard -------------------------------------------------------------------------------------

    @Override
    public void onExcess(String sentence) {
        LiveSession current = session;
        if (current.serves(this)) {
            current.reportProblem(
                    EndCause.RATE_LIMIT.label(), sentence + " The connection is closed if this continues.");
        }
    }

    @Override
    public void onViolation(EndCause cause, String sentence) {
        LiveSession current = session;
        if (current.serves(this)) {
            current.end(cause, sentence);
        }
    }

    @Override
    public void onHeld(long inboundBytes, long outboundBytes) {
        held.onHeld(inboundBytes, outboundBytes);
    }

    // ---- the end of the socket ------------------------------------------------------------------------------------

    void onClose(CloseReason reason) {
        if (order.idle()) {
            closed(reason);
        } else {
            order.defer(0, () -> closed(reason));
        }
    }

    private void closed(CloseReason reason) {
        LiveSession current = session;
        switch (reason.getCode()) {
            // Without a close frame Vert.x reports 1006 or, when the connection was reset, 1005.
            case 1005, 1006 -> current.onClientClosed(this, EndCause.CLIENT_LOST, false);
            case 1009 -> current.onClientClosed(this, EndCause.MESSAGE_TOO_BIG, true);
            case 1000 -> current.onClientClosed(this, EndCause.CLIENT_CLOSED, true);
            // A page that is closed or reloaded, or a proxy that shuts down: the client may reconnect soon.
            default -> current.onClientClosed(this, EndCause.CLIENT_CLOSED, false);
        }
    }

    void onError(Throwable failure) {
        logFailure(failure);
    }

    /** A failure does not end the session; the close event that follows does. */
    static void logFailure(Throwable failure) {
        LOG.debugf("A client connection failed: %s", failure.toString());
    }

    // ---- methods of Downstream -------------------------------------------------------------------------------------

    @Override
    public boolean resumable() {
        return dialect.resumable();
    }

    @Override
    public @Nullable String traceparent() {
        return connection.handshakeRequest().header("traceparent");
    }

    @Override
    public Caller caller() {
        return caller;
    }

    @Override
    public Executor eventLoop() {
        return place.guard().eventLoop();
    }

    @Override
    public ConversationBudget budget() {
        return place.budget();
    }

    @Override
    public String origin() {
        String header = connection.handshakeRequest().header("Origin");
        if (header == null) {
            return "none";
        }
        return Origin.parse(header)
                .map(Origin::text)
                .orElseGet(
                        () -> header.length() <= MAX_ORIGIN_LENGTH ? header : header.substring(0, MAX_ORIGIN_LENGTH));
    }

    /** The peer answers a ping after it has received all frames written before it (RFC 6455 section 5.5.3). */
    @Override
    public void probe(Runnable received) {
        Probe next = new Probe("received-" + PROBES.incrementAndGet(), received);
        probe.set(next);
        connection.sendPing(Buffer.buffer(next.payload())).subscribe().with(done -> {}, ClientSocket::logFailure);
    }

    void onPong(Buffer payload) {
        Probe waiting = probe.get();
        if (waiting != null && payload.toString().equals(waiting.payload()) && probe.compareAndSet(waiting, null)) {
            waiting.received().run();
        }
    }

    @Override
    public void send(DownstreamMessage message, int turn, WriteCallback callback) {
        MessageChannel messages = place.guard().messages();
        switch (encoder.encode(message, turn)) {
            case OutboundFrame.Text(String text) -> messages.sendText(text, callback);
            case OutboundFrame.Binary(byte[] data) -> messages.sendBinary(data, callback);
            case OutboundFrame.MediaInText(MediaText media) -> messages.sendText(media, callback);
            case OutboundFrame.MediaInBinary(MediaText media) -> messages.sendBinary(media, callback);
            case null -> callback.onWritten(null);
        }
    }

    private CloseFrame frame(EndCause cause, String reason, @Nullable UpstreamEnd upstream) {
        if (!dialect.endsByCloseFrameOnly()) {
            return CloseFrame.of(cause, reason);
        }
        return caller.token() != null && upstream == null
                ? CloseFrame.ofToken(cause, reason)
                : CloseFrame.asGeminiDoes(cause, reason, upstream);
    }

    @Override
    public void close(EndCause cause, String reason, @Nullable UpstreamEnd upstream, Runnable closed) {
        if (connection.isOpen()) {
            CloseFrame frame = frame(cause, reason, upstream);
            connection
                    .close(new CloseReason(frame.code(), frame.reason()))
                    .subscribe()
                    .with(done -> closed.run(), failure -> {
                        logFailure(failure);
                        closed.run();
                    });
        } else {
            closed.run();
        }
    }
}
