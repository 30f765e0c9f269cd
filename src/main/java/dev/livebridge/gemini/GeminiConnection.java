package dev.livebridge.gemini;

import static java.util.Objects.requireNonNull;

import dev.livebridge.gemini.CloseCodes.Phase;
import dev.livebridge.gemini.wire.ToolCalls;
import dev.livebridge.gemini.wire.WireDecoder;
import dev.livebridge.gemini.wire.WireEncoder;
import dev.livebridge.gemini.wire.WireException;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.MediaText;
import dev.livebridge.message.Negotiated;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.session.queue.WriteCallback;
import dev.livebridge.session.upstream.ContextChange;
import dev.livebridge.session.upstream.Upstream;
import dev.livebridge.session.upstream.UpstreamListener;
import dev.livebridge.session.upstream.UpstreamRefusedException;
import dev.livebridge.socket.MessageChannel;
import dev.livebridge.socket.MessageReceiver;
import dev.livebridge.telemetry.SocketMeters;
import io.netty.channel.ChannelHandlerContext;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketClientConnection;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One connection to the model, from before it opens until it is closed. */
final class GeminiConnection implements Upstream, MessageReceiver {

    private static final Logger LOG = Logger.getLogger(GeminiConnection.class);

    /** The connection of a socket, in the socket's user data. */
    static final TypedKey<GeminiConnection> KEY = new TypedKey<>("livebridge.upstream");

    /** Of a message in several frames; as {@code quarkus.websockets-next.client.max-message-size}. */
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final Negotiated negotiated;
    private final List<ClientMessage> opening;
    private final ContextFitting contextFitting;
    private final WireEncoder encoder;
    private final WireDecoder decoder;
    private final CloseCodes closeCodes;
    private final UpstreamListener listener;
    private final Runnable onGone;
    private final ToolCalls calls = new ToolCalls();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable Open open;
    private Phase phase;

    /** The open socket. */
    private record Open(WebSocketClientConnection socket, MessageChannel messages, Executor eventLoop) {}

    GeminiConnection(
            Negotiated negotiated,
            Phase phase,
            List<ClientMessage> opening,
            ContextFitting contextFitting,
            WireEncoder encoder,
            WireDecoder decoder,
            CloseCodes closeCodes,
            UpstreamListener listener,
            Runnable onGone) {
        this.negotiated = negotiated;
        this.phase = phase;
        this.opening = opening;
        this.contextFitting = contextFitting;
        this.encoder = encoder;
        this.decoder = decoder;
        this.closeCodes = closeCodes;
        this.listener = listener;
        this.onGone = onGone;
    }

    static GeminiConnection of(WebSocketClientConnection socket) {
        return socket.userData().get(KEY);
    }

    /**
     * The socket is open. Closes it at once if {@link #close} was called before. Called on its event loop.
     *
     * @param channel the context of Vert.x' handler in its pipeline
     */
    void onOpened(WebSocketClientConnection socket, ChannelHandlerContext channel, SocketMeters meters) {
        MessageChannel messages = MessageChannel.install(channel, true, MAX_MESSAGE_BYTES, meters);
        open = new Open(socket, messages, channel.executor());
        messages.receive(this);
        if (closing.get()) {
            close(socket);
        }
    }

    // ---- from the event loop -------------------------------------------------------------------------------------

    /** Text messages are accepted too (gemini-live-api.md section 6). */
    @Override
    public void onText(Utf8Slice payload) {
        onBinary(payload);
    }

    /** Gemini answers JSON in binary messages. */
    @Override
    public void onBinary(Utf8Slice payload) {
        long receivedNanos = System.nanoTime();
        List<ServerMessage> messages;
        try {
            messages = decoder.decode(payload);
        } catch (WireException e) {
            LOG.warnf("a frame of Gemini could not be read and was left out: %s", e.getMessage());
            return;
        }
        for (ServerMessage message : messages) {
            if (message instanceof ServerMessage.SetupComplete) {
                phase = Phase.CONVERSATION;
            }
        }
        listener.onMessages(calls.onServerMessages(messages), payload.length(), receivedNanos);
    }

    void onPong() {
        listener.onPong(System.nanoTime());
    }

    void onClose(int code, @Nullable String reason) {
        onGone.run();
        closed.countDown();
        if (!closing.getAndSet(true)) {
            listener.onClosed(closeCodes.translate(code, reason, phase));
        }
    }

    void onError(Throwable failure) {
        LOG.debugf("the socket to Gemini failed: %s", failure.toString());
    }

    // ---- from the up pump ----------------------------------------------------------------------------------------

    @Override
    public Negotiated negotiated() {
        return negotiated;
    }

    @Override
    public Executor eventLoop() {
        return requireNonNull(open, "the socket is not open").eventLoop();
    }

    @Override
    public List<ClientMessage> opening() {
        return opening;
    }

    @Override
    public ContextChange change(ClientMessage.ContextUpdate update, ClientMessage.Setup requested)
            throws UpstreamRefusedException {
        return contextFitting.fit(update, requested);
    }

    @Override
    public void send(ClientMessage message, WriteCallback callback) {
        Open current = open;
        if (current == null) {
            callback.onWritten(new IllegalStateException("the socket is not open"));
            return;
        }
        MediaText media = encoder.media(message);
        if (media != null) {
            current.messages().sendText(media, callback);
            return;
        }
        String frame = encoder.encode(
                message instanceof ClientMessage.ToolResponse response ? calls.named(response) : message);
        if (frame == null) {
            callback.onWritten(null);
        } else {
            current.messages().sendText(frame, callback);
        }
    }

    @Override
    public void ping() {
        Open current = open;
        if (current != null) {
            current.socket().sendPing(Buffer.buffer()).subscribe().with(done -> {}, this::onError);
        }
    }

    @Override
    public void close() {
        if (!closing.getAndSet(true)) {
            Open current = open;
            if (current != null) {
                close(current.socket());
            }
        }
    }

    @Override
    public boolean awaitClosed(Duration patience) throws InterruptedException {
        return open == null || closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void close(WebSocketClientConnection socket) {
        if (socket.isOpen()) {
            socket.close(CloseReason.NORMAL).subscribe().with(done -> {}, this::onError);
        }
    }
}
