package dev.livebridge.session;

import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.DownstreamMessage;
import dev.livebridge.message.GatewayMessage;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import dev.livebridge.session.MessageQueue.Entry;
import dev.livebridge.session.SessionState.AwaitingSetup;
import dev.livebridge.session.SessionState.Connecting;
import dev.livebridge.session.SessionState.Ended;
import dev.livebridge.session.SessionState.Live;
import dev.livebridge.telemetry.Meters.Direction;
import dev.livebridge.telemetry.Meters.DropReason;
import dev.livebridge.telemetry.RelayMeters;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * The life of one conversation, on one page.
 *
 * <pre>
 *  AwaitingSetup ──setup──▶ Connecting ──setupComplete──▶ Live ──▶ Ended(cause)
 *        └───────────────────────┴── error, limit, either side gone ──▲
 * </pre>
 *
 * <p><b>Threads.</b> Both sockets call in from event loops: {@link #receive}, {@link #complain}, {@link #clientGone}
 * from the client's, {@link UpstreamListener} from the model's. They decide, enqueue and return. Two virtual threads,
 * the {@linkplain UpPump up} and the {@linkplain DownPump down} pump, are the only ones that ever write or close a
 * socket.
 *
 * <p><b>Order.</b> Each direction is one queue and one pump, so what arrives first is written first. Input before
 * {@code setupComplete} waits in the queue, because the up pump does not take from it earlier.
 *
 * <p><b>Back-pressure.</b> Both sockets are always read. Toward the model the oldest media gives way once the queue is
 * full; toward the client nothing that was not interrupted is ever dropped, so a client that does not keep up is ended
 * with {@link EndCause#SLOW_CONSUMER}. When all queues together exceed their budget, the heaviest session ends.
 *
 * <p><b>Ending.</b> {@link #end} happens once, whoever calls it first; the cause it names is logged, counted and sent.
 * Both pumps then finish: each writes what is still owed, closes its socket and stops.
 */
public final class LiveSession {

    private static final Logger LOG = Logger.getLogger(LiveSession.class);

    /** How long a failed write waits for its socket's close event to name a better cause. */
    private static final Duration BROKEN_GRACE = Duration.ofSeconds(2);

    private final String id;
    private final SessionServices services;
    private final RelayMeters meters;
    private final long startedNanos;
    private final AtomicReference<SessionState> state = new AtomicReference<>(new AwaitingSetup());
    private final MessageQueue<ClientMessage> up;
    private final MessageQueue<DownstreamMessage> down;
    private final UpPump upPump;
    private final DownPump downPump;
    private final TurnTracker turns = new TurnTracker();
    private final TurnClock clock;
    private final ConversationMemory memory;
    private final AtomicInteger pendingToolCalls = new AtomicInteger();
    private volatile long activeNanos;
    private volatile long brokenNanos;
    private volatile EndCause brokenSide = EndCause.INTERNAL;

    /**
     * A session that waits for its setup. Its down pump starts at once, to be able to refuse it.
     *
     * @param id unique, free of meaning
     * @param dialect the dialect's metric label
     * @param downstream the client's socket
     * @param memory what is known of the conversation already
     * @param services everything sessions share
     */
    LiveSession(String id, String dialect, Downstream downstream, ConversationMemory memory, SessionServices services) {
        this.id = id;
        this.services = services;
        this.memory = memory;
        this.meters = services.meters().relay(dialect);
        this.clock = new TurnClock(services.meters().turns());
        this.startedNanos = services.now();
        this.activeNanos = startedNanos;
        this.up = new MessageQueue<>(services.budget());
        this.down = new MessageQueue<>(services.budget());
        this.upPump = new UpPump(this, up, services.connector());
        this.downPump = new DownPump(this, down, downstream);
        downPump.start();
    }

    // ---- events from the client's socket -------------------------------------------------------------------------

    /**
     * What one frame of the client said. The first message of a session is a setup.
     *
     * @param messages in order; may be empty
     * @param receivedNanos when the frame's callback began
     */
    public void receive(List<? extends ClientMessage> messages, long receivedNanos) {
        if (messages.isEmpty()) {
            return;
        }
        if (messages.size() > 1 || messages.getFirst().kind().isMedia()) {
            makeRoomUp(messages);
        }
        for (ClientMessage message : messages) {
            switch (message) {
                case ClientMessage.Setup setup -> onSetup(setup);
                case ClientMessage.Ping ping ->
                    tell(new GatewayMessage.Pong(ping.clientTime(), ping.receivedNanos()), receivedNanos);
                case ClientMessage.Beacon beacon -> clock.reported(beacon);
                case ClientMessage.Audio audio -> sendUp(audio, receivedNanos);
                case ClientMessage.Video video -> sendUp(video, receivedNanos);
                case ClientMessage.ToolResponse response -> {
                    pendingToolCalls.set(0);
                    sendUpAsActivity(response, receivedNanos);
                }
                case ClientMessage.RealtimeText text -> sendUpAsActivity(text, receivedNanos);
                case ClientMessage.UserTurn turn -> sendUpAsActivity(turn, receivedNanos);
                case ClientMessage.ClientContent content -> sendUpAsActivity(content, receivedNanos);
                case ClientMessage.Signal signal -> sendUpAsActivity(signal, receivedNanos);
            }
        }
        if (services.budget().exceeded()) {
            services.relieve();
        }
    }

    /** A frame of the client could not be understood. The session lives on. */
    public void complain(String code, String message) {
        tell(new GatewayMessage.Problem(code, message, null, false), services.now());
    }

    /** The client's first frame can't open a session. */
    public void refuseSetup(String message) {
        end(EndCause.BAD_SETUP, message);
    }

    /** The client's socket is closed. */
    public void clientGone(EndCause cause) {
        end(cause, cause.sentence());
    }

    private void onSetup(ClientMessage.Setup setup) {
        if (state.get() instanceof AwaitingSetup awaiting
                && state.compareAndSet(awaiting, new Connecting(services.now()))) {
            memory.wished(setup);
            upPump.start(setup);
        } else {
            complain("second_setup", "setup must be the first message and only the first");
        }
    }

    /** Media of one frame stays together: older media goes before any of it does. */
    private void makeRoomUp(List<? extends ClientMessage> incoming) {
        int bytes = 0;
        for (ClientMessage message : incoming) {
            bytes += message.bytes();
        }
        up.makeRoom(
                bytes,
                services.limits().queueUp(),
                entry -> meters.dropped(Direction.UP, entry.kind(), DropReason.QUEUE_FULL));
    }

    private void sendUpAsActivity(ClientMessage message, long receivedNanos) {
        touch();
        sendUp(message, receivedNanos);
        if (up.bytes() > 4 * services.limits().queueUp()) {
            end(EndCause.POLICY, "More text and tool results were sent than the model takes.");
        }
    }

    private void sendUp(ClientMessage message, long receivedNanos) {
        up.offer(new Entry<>(message, message.kind(), message.bytes(), receivedNanos, services.now()));
    }

    // ---- events from the model's socket --------------------------------------------------------------------------

    /** What the up pump passes to the connector: the model's side of this session. */
    UpstreamListener upstreamListener() {
        return new UpstreamListener() {
            @Override
            public void onMessages(List<ServerMessage> messages, int bytes, long receivedNanos) {
                for (ServerMessage message : messages) {
                    onServerMessage(message, receivedNanos);
                }
                if (down.bytes() > services.limits().queueDown()) {
                    end(EndCause.SLOW_CONSUMER, EndCause.SLOW_CONSUMER.sentence());
                } else if (services.budget().exceeded()) {
                    services.relieve();
                }
            }

            @Override
            public void onClosed(UpstreamEnd upstreamEnd) {
                services.meters()
                        .upstreamClosed(upstreamEnd.code(), upstreamEnd.cause().label());
                clock.failed(services.now(), upstreamEnd.cause().label());
                end(upstreamEnd.cause(), upstreamEnd.message());
            }
        };
    }

    private void onServerMessage(ServerMessage message, long receivedNanos) {
        turns.observe(message, receivedNanos);
        clock.heard(message, receivedNanos);
        if (!turns.muted()) {
            memory.heard(message, receivedNanos);
        }
        switch (message) {
            case ServerMessage.SetupComplete setupComplete -> upPump.setupComplete();
            case ServerMessage.Audio audio -> {
                touch();
                onModelAudio(audio, receivedNanos);
            }
            case ServerMessage.Interrupted interrupted -> {
                touch();
                down.dropMedia(entry -> meters.dropped(Direction.DOWN, entry.kind(), DropReason.INTERRUPTED));
                tell(interrupted, receivedNanos);
            }
            case ServerMessage.Transcription transcription -> {
                touch();
                onTranscription(transcription, receivedNanos);
            }
            case ServerMessage.ToolCall call -> {
                touch();
                pendingToolCalls.incrementAndGet();
                tell(call, receivedNanos);
            }
            case ServerMessage.ToolCallCancellation cancellation -> {
                pendingToolCalls.set(0);
                tell(cancellation, receivedNanos);
            }
            case ServerMessage.Text text -> {
                touch();
                tell(text, receivedNanos);
            }
            case ServerMessage.TurnComplete complete -> {
                touch();
                tell(complete, receivedNanos);
            }
            case ServerMessage.VoiceActivity activity -> {
                touch();
                tell(activity, receivedNanos);
            }
            case ServerMessage.OtherPart part -> tell(part, receivedNanos);
            case ServerMessage.Grounding grounding -> tell(grounding, receivedNanos);
            case ServerMessage.GenerationComplete complete -> tell(complete, receivedNanos);
            case ServerMessage.InteractionStatus status -> tell(status, receivedNanos);
            case ServerMessage.WaitingForInput waiting -> tell(waiting, receivedNanos);
            case ServerMessage.Usage usage -> tell(usage, receivedNanos);
            case ServerMessage.ResumptionUpdate update -> tell(update, receivedNanos);
            case ServerMessage.GoAway goAway -> tell(goAway, receivedNanos);
            case ServerMessage.Unknown unknown -> tell(unknown, receivedNanos);
        }
    }

    private void onModelAudio(ServerMessage.Audio audio, long receivedNanos) {
        if (turns.muted()) {
            meters.dropped(Direction.DOWN, audio.kind(), DropReason.INTERRUPTED);
        } else if (!(state.get() instanceof Live(Negotiated negotiated)) || negotiated.forwardAudio()) {
            tell(audio, receivedNanos);
        }
    }

    private void onTranscription(ServerMessage.Transcription transcription, long receivedNanos) {
        if (!(state.get() instanceof Live(Negotiated negotiated))) {
            tell(transcription, receivedNanos);
            return;
        }
        boolean model = transcription.source() == TranscriptSource.OUTPUT;
        if (model && negotiated.transcriptAsText() && !transcription.text().isEmpty()) {
            tell(new ServerMessage.Text(transcription.text(), false), receivedNanos);
        }
        if (model ? negotiated.forwardTranscription() : negotiated.forwardUserTranscription()) {
            tell(transcription, receivedNanos);
        }
    }

    // ---- what the pumps report -----------------------------------------------------------------------------------

    /** The model is ready: the conversation begins. */
    boolean goLive(Negotiated negotiated) {
        if (!(state.get() instanceof Connecting connecting) || !state.compareAndSet(connecting, new Live(negotiated))) {
            return false;
        }
        memory.agreed(negotiated.model());
        services.meters().setupCompleted(Duration.ofNanos(services.now() - connecting.sinceNanos()));
        clock.answeredBy(services.meters().model(negotiated.backend(), negotiated.model()));
        touch();
        tell(
                new GatewayMessage.Ready(
                        id, negotiated.backend(), negotiated.model(), negotiated.setup(), negotiated.notices()),
                services.now());
        return true;
    }

    /** A message of the client has left for the model, or could not. */
    void writtenUp(Entry<ClientMessage> entry, long takenNanos, boolean failed) {
        long now = services.now();
        if (counted(Direction.UP, entry, takenNanos, now, failed)) {
            memory.sent(entry.message());
            clock.sent(entry.message(), entry.receivedNanos(), now);
        }
    }

    /** A message has left for the client, or could not. */
    void writtenDown(Entry<DownstreamMessage> entry, long takenNanos, boolean failed) {
        long now = services.now();
        if (counted(Direction.DOWN, entry, takenNanos, now, failed)) {
            GatewayMessage.Timing timing = clock.told(entry.message(), entry.receivedNanos(), now);
            if (timing != null) {
                // Before what waits, so that it is told within the turn it belongs to.
                down.offerNext(new Entry<>(timing, timing.kind(), timing.bytes(), now, now));
            }
        }
    }

    /** A failed write is followed by its socket's close, which knows the reason. */
    private boolean counted(Direction direction, Entry<?> entry, long takenNanos, long now, boolean failed) {
        if (failed) {
            meters.dropped(direction, entry.kind(), DropReason.ENDED);
            brokenSide = direction == Direction.UP ? EndCause.UPSTREAM_LOST : EndCause.CLIENT_LOST;
            brokenNanos = now;
        } else {
            meters.relayed(
                    direction,
                    entry.kind(),
                    entry.bytes(),
                    entry.receivedNanos(),
                    entry.queuedNanos(),
                    takenNanos,
                    now);
        }
        return !failed;
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /** Ends the session if one of its deadlines has passed. Called several times a second. */
    void checkDeadlines() {
        long now = services.now();
        SessionLimits limits = services.limits();
        SessionState current = state.get();
        if (current instanceof Ended) {
            return;
        }
        if (brokenNanos != 0 && now - brokenNanos > BROKEN_GRACE.toNanos()) {
            end(brokenSide, brokenSide.sentence());
        } else if (now - startedNanos > limits.maxDuration().toNanos()) {
            end(EndCause.MAX_DURATION, EndCause.MAX_DURATION.sentence());
        } else if (current instanceof AwaitingSetup
                && now - startedNanos > limits.setupTimeout().toNanos()) {
            end(EndCause.SETUP_TIMEOUT, EndCause.SETUP_TIMEOUT.sentence());
        } else if (current instanceof Live
                && pendingToolCalls.get() == 0
                && now - activeNanos > limits.idleTimeout().toNanos()) {
            end(EndCause.IDLE_TIMEOUT, EndCause.IDLE_TIMEOUT.sentence());
        }
    }

    private void touch() {
        activeNanos = services.now();
    }

    // ---- the ending ----------------------------------------------------------------------------------------------

    /**
     * Ends the conversation; only the first call counts.
     *
     * @param cause why
     * @param message for people, free of secrets
     * @return whether this call was the one that ended it
     */
    public boolean end(EndCause cause, String message) {
        SessionState before;
        Ended ended = new Ended(cause, message, services.now());
        do {
            before = state.get();
            if (before instanceof Ended) {
                return false;
            }
        } while (!state.compareAndSet(before, ended));
        up.discard();
        upPump.stop();
        if (cause.clientGone()) {
            down.discard();
        } else {
            if (cause == EndCause.SLOW_CONSUMER || cause == EndCause.MAX_DURATION) {
                down.dropMedia(entry -> meters.dropped(Direction.DOWN, entry.kind(), DropReason.ENDED));
            }
            tell(new GatewayMessage.Problem(cause.label(), message, null, true), services.now());
            down.close();
        }
        downPump.stop();
        services.ended(this, ended);
        return true;
    }

    /** A defect of ours: the log gets the details, the client only that it was us. */
    void fault(String doing, RuntimeException fault) {
        LOG.errorf(fault, "fault while %s session=%s", doing, id);
        end(EndCause.INTERNAL, EndCause.INTERNAL.sentence());
    }

    /** Says something to the client. */
    private void tell(DownstreamMessage message, long receivedNanos) {
        down.offer(new Entry<>(message, message.kind(), message.bytes(), receivedNanos, services.now()));
    }

    // ---- what others may know ------------------------------------------------------------------------------------

    /** The session's id. */
    public String id() {
        return id;
    }

    /** What of the conversation outlives its connections. */
    public ConversationMemory memory() {
        return memory;
    }

    /** Everything sessions share. */
    SessionServices services() {
        return services;
    }

    /** Where the session stands. */
    SessionState state() {
        return state.get();
    }

    /** {@link System#nanoTime()} at the session's start. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Bytes that wait in both queues. */
    long queueBytes() {
        return up.bytes() + down.bytes();
    }
}
