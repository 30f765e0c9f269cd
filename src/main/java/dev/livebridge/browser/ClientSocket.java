package dev.livebridge.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.livebridge.browser.dialect.BadInputException;
import dev.livebridge.browser.dialect.Dialect;
import dev.livebridge.browser.dialect.OutboundFrame;
import dev.livebridge.http.Origin;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.session.Downstream;
import dev.livebridge.session.EndCause;
import dev.livebridge.session.LiveSession;
import dev.livebridge.session.SessionRegistry;
import dev.livebridge.session.WriteCallback;
import dev.livebridge.telemetry.Meters;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One client's socket: frames in, by its dialect, to its session, and back. */
final class ClientSocket implements Downstream {

    static final TypedKey<ClientSocket> KEY = new TypedKey<>("livebridge.client");

    private static final Logger LOG = Logger.getLogger(ClientSocket.class);

    /** Origins of browsers are far shorter. */
    private static final int LONGEST_ORIGIN = 300;

    private static final AtomicLong PROBES = new AtomicLong();

    private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();
    private final WebSocketConnection connection;
    private final Dialect dialect;
    private final Dialect.Encoder encoder;
    private final Meters meters;
    private final int maxMessageBytes;
    private final SessionRegistry sessions;
    private LiveSession session;
    private boolean setupSeen;

    ClientSocket(
            WebSocketConnection connection,
            Dialect dialect,
            SessionRegistry sessions,
            Meters meters,
            int maxMessageBytes) {
        this.connection = connection;
        this.dialect = dialect;
        this.meters = meters;
        this.maxMessageBytes = maxMessageBytes;
        this.sessions = sessions;
        this.encoder = dialect.newEncoder(System.nanoTime());
        this.session = sessions.open(dialect.label(), this);
    }

    /** The socket behind a connection; put there when it was opened. */
    static ClientSocket of(WebSocketConnection connection) {
        return connection.userData().get(KEY);
    }

    /** A ping that waits for its answer. */
    private record Probe(String payload, Runnable received) {}

    /** How a dialect reads a frame. */
    @FunctionalInterface
    private interface Reading {
        List<ClientMessage> read() throws BadInputException;
    }

    void onText(String text) {
        onFrame(text.length(), () -> setupSeen ? dialect.decode(text) : dialect.decodeFirst(text));
    }

    void onBinary(byte[] data) {
        onFrame(data.length, () -> setupSeen ? dialect.decode(data) : dialect.decodeFirst(new String(data, UTF_8)));
    }

    private void onFrame(int bytes, Reading reading) {
        long receivedNanos = System.nanoTime();
        if (!session.serves(this)) {
            return;
        }
        if (bytes > maxMessageBytes) {
            session.end(
                    EndCause.MESSAGE_TOO_BIG,
                    "A message of " + bytes + " bytes is too big; the limit is " + maxMessageBytes + ".");
            return;
        }
        try {
            List<ClientMessage> messages = reading.read();
            if (!setupSeen
                    && !messages.isEmpty()
                    && messages.getFirst() instanceof ClientMessage.Resume(String token)) {
                session = sessions.resume(session, token, origin());
            } else {
                session.receive(messages, receivedNanos);
            }
            setupSeen = true;
        } catch (BadInputException bad) {
            meters.inputRejected(dialect.label(), bad.code());
            if (!setupSeen && bad.understood().isEmpty()) {
                session.refuseSetup(bad.getMessage());
            } else {
                setupSeen = true;
                session.receive(bad.understood(), receivedNanos);
                if (dialect.badInputIsFatal()) {
                    session.end(EndCause.BAD_MESSAGE, bad.getMessage());
                } else {
                    session.complain(bad.code(), bad.getMessage());
                }
            }
        }
    }

    void onClose(CloseReason reason) {
        switch (reason.getCode()) {
            // Without a close frame the framework says 1006 or, when the connection was reset, 1005.
            case 1005, 1006 -> session.clientGone(this, EndCause.CLIENT_LOST, false);
            case 1009 -> session.clientGone(this, EndCause.MESSAGE_TOO_BIG, true);
            case 1000 -> session.clientGone(this, EndCause.CLIENT_CLOSED, true);
            // A page that is left or reloaded, a proxy that goes away: the client may be back in a moment.
            default -> session.clientGone(this, EndCause.CLIENT_CLOSED, false);
        }
    }

    void onError(Throwable failure) {
        logFailure(failure);
    }

    /** Not an ending by itself: the socket's close follows and is one. */
    private static void logFailure(Throwable failure) {
        LOG.debugf("a client's socket failed: %s", failure.toString());
    }

    @Override
    public boolean resumable() {
        return dialect.resumable();
    }

    @Override
    public @Nullable String traceparent() {
        return connection.handshakeRequest().header("traceparent");
    }

    @Override
    public String origin() {
        String header = connection.handshakeRequest().header("Origin");
        if (header == null) {
            return "none";
        }
        return Origin.parse(header)
                .map(Origin::text)
                .orElseGet(() -> header.length() <= LONGEST_ORIGIN ? header : header.substring(0, LONGEST_ORIGIN));
    }

    /** A WebSocket answers a ping after it has received what was written before it (RFC 6455 section 5.5.3). */
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
    public void send(DownstreamMessage message, WriteCallback callback) {
        OutboundFrame frame = encoder.encode(message);
        Uni<Void> write = switch (frame) {
            case OutboundFrame.Text(String text) -> connection.sendText(text);
            case OutboundFrame.Binary(byte[] data) -> connection.sendBinary(data);
            case null -> null;
        };
        if (write == null) {
            callback.done(null);
        } else {
            write.subscribe().with(done -> callback.done(null), callback::done);
        }
    }

    @Override
    public void close(EndCause cause, String reason, Runnable closed) {
        if (connection.isOpen()) {
            connection
                    .close(new CloseReason(cause.closeCode(), CloseReasonText.fit(reason)))
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
