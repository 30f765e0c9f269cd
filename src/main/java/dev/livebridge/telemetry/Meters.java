package dev.livebridge.telemetry;

import dev.livebridge.config.LivebridgeConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * All recorders of metrics. Events per message or per turn have recorders of their own ({@link #relay}, {@link #turns},
 * {@link #model}), found once per session; the other events are rare. {@link Metric} has the names.
 */
@Singleton
public class Meters {

    private static final String OTHER = "other";

    /** Which way a message goes. */
    public enum Direction {
        /** Client to model. */
        UP,
        /** Model to client. */
        DOWN;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The label value. */
        public String label() {
            return label;
        }
    }

    /** Why a message was dropped. */
    public enum DropReason {
        /** The turn it belonged to was interrupted. */
        INTERRUPTED,
        /** The queue toward the model was full of newer media. */
        QUEUE_FULL,
        /** Its caller may not send it. */
        NOT_ALLOWED,
        /** A newer picture came before it was due. */
        THINNED_OUT,
        /** The client was detached. */
        DETACHED,
        /** It had waited too long for the connection to the model, or belonged to the one before. */
        STALE,
        /** The session ended before it could be written. */
        ENDED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The label value. */
        public String label() {
            return label;
        }
    }

    /** How a session was resumed. */
    public enum Resumption {
        /** This instance still held the session. */
        REATTACHED,
        /** Another instance has released it. */
        HANDED_OVER,
        /** It continues from the token alone. */
        TOKEN,
        /** The same, because the instance that issued the token gave no address: it may still hold the session. */
        TOKEN_UNASKED;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The label value. */
        public String label() {
            return label;
        }
    }

    private final MeterRegistry registry;
    private final Map<String, LivebridgeConfig.Price> prices;
    private final SessionCounts sessions = new SessionCounts();
    private final Timer sessionDuration;
    private final Timer setupDuration;
    private final Timer clientAbsence;
    private final TurnMeters turns;
    private final SocketMeters clientSockets;
    private final SocketMeters modelSockets;
    private final Map<String, RelayMeters> relays = new ConcurrentHashMap<>();
    private final Map<List<String>, ModelMeters> models = new ConcurrentHashMap<>();
    private volatile Set<String> knownModels = Set.of();

    /**
     * Meters with the configured prices.
     *
     * @param registry the process's registry
     * @param config has the price table
     */
    @Inject
    public Meters(MeterRegistry registry, LivebridgeConfig config) {
        this(registry, config.prices());
    }

    /**
     * Meters without prices.
     *
     * @param registry where they register
     */
    public Meters(MeterRegistry registry) {
        this(registry, Map.of());
    }

    private Meters(MeterRegistry registry, Map<String, LivebridgeConfig.Price> prices) {
        this.registry = registry;
        this.prices = prices;
        this.sessionDuration = Metric.SESSION_DURATION.timer(registry);
        this.setupDuration = Metric.SETUP_DURATION.timer(registry);
        this.clientAbsence = Metric.CLIENT_ABSENCE.timer(registry);
        this.turns = new TurnMeters(registry);
        this.clientSockets = new SocketMeters(registry, "client");
        this.modelSockets = new SocketMeters(registry, "model");
    }

    // ---- values that live elsewhere ------------------------------------------------------------------------------

    /**
     * Registers the gauges of the session registry.
     *
     * @param capacity sessions this process may hold
     * @param draining whether it takes no new ones
     * @param queueBytes bytes that all sessions make the process keep
     * @param queueLimit bytes that they may
     * @param causes every label an ending can have
     */
    public void observeSessions(
            Supplier<Number> capacity,
            BooleanSupplier draining,
            Supplier<Number> queueBytes,
            Supplier<Number> queueLimit,
            List<String> causes) {
        Metric.SESSIONS_CAPACITY.gauge(registry, capacity);
        Metric.SESSIONS_DRAINING.gauge(registry, () -> draining.getAsBoolean() ? 1 : 0);
        Metric.QUEUE_BYTES.gauge(registry, queueBytes);
        Metric.QUEUE_LIMIT.gauge(registry, queueLimit);
        sessions.expect(List.of(), causes);
    }

    /**
     * Registers the gauge of one part of the sessions' memory.
     *
     * @param part its label, of a closed set
     */
    public void observeMemory(String part, Supplier<Number> bytes) {
        Metric.SESSION_MEMORY.gauge(registry, bytes, part);
    }

    /** Registers the gauge of open upstream sockets. */
    public void observeUpstreams(Supplier<Number> open) {
        Metric.UPSTREAM_OPEN.gauge(registry, open);
    }

    /** Names the models that may be label values; every other one is {@code other}. */
    public void knowModels(Collection<String> ids) {
        knownModels = Set.copyOf(ids);
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    /** Starts and ends of sessions, balanced. */
    public SessionCounts sessions() {
        return sessions;
    }

    /** Counts the start of a session. */
    public void sessionStarted(String dialect) {
        sessions.begin(dialect);
    }

    /** Counts the end of a session. */
    public void sessionEnded(String cause, Duration age) {
        sessions.end(cause);
        sessionDuration.record(age);
    }

    /** Records how long a client waited from its setup to the model's readiness. */
    public void setupCompleted(Duration wait) {
        setupDuration.record(wait);
    }

    /** Counts an upgrade that was refused; {@code reason} is {@code origin} or an end cause's label. */
    public void upgradeRejected(String reason) {
        Metric.UPGRADES_REJECTED.counter(registry, reason).increment();
    }

    /** Counts a request that was refused before any route saw it. */
    public void requestRefused(String reason) {
        Metric.REQUESTS_REFUSED.counter(registry, reason).increment();
    }

    /** Counts a client frame that could not be understood. */
    public void inputRejected(String dialect, String code) {
        Metric.INPUT_REJECTED.counter(registry, dialect, code).increment();
    }

    /** Counts a client that has resumed its session with a token. */
    public void resumed(Resumption how) {
        Metric.RESUMPTIONS.counter(registry, how.label()).increment();
    }

    /**
     * Counts a resume token, or a request for its session, that was refused.
     *
     * @param reason the label of the reason, of a closed set
     */
    public void resumptionRefused(String reason) {
        Metric.RESUMPTIONS.counter(registry, "refused_" + reason).increment();
    }

    /** Records how long a session that this instance still holds was without a client. */
    public void clientReturned(Duration after) {
        clientAbsence.record(after);
    }

    // ---- the model's side ----------------------------------------------------------------------------------------

    /** Records a handshake with the model; {@code outcome} is {@code ok}, {@code abandoned} or an end cause's label. */
    public void upstreamConnect(Duration duration, String outcome) {
        Metric.UPSTREAM_CONNECT.timer(registry, outcome).record(duration);
    }

    /** Counts a close by the model. Codes outside the registered ranges are folded into {@code other}. */
    public void upstreamClosed(int code, String cause) {
        String label = code >= 1000 && code <= 1015 ? Integer.toString(code) : OTHER;
        Metric.UPSTREAM_CLOSES.counter(registry, label, cause).increment();
    }

    /**
     * Records a running session's change to a new upstream connection.
     *
     * @param trigger {@code go_away}, {@code lost} or another word of a closed set
     * @param outcome {@code resumed}, {@code rebuilt}, {@code failed} or another word of a closed set
     * @param gap how long no input could be sent to the model
     */
    public void rotated(String trigger, String outcome, Duration gap) {
        Metric.UPSTREAM_ROTATIONS.counter(registry, trigger, outcome).increment();
        Metric.UPSTREAM_GAP.timer(registry, trigger).record(gap);
    }

    /** Counts an alarm of a watchdog. */
    public void watchdog(String kind) {
        Metric.WATCHDOG.counter(registry, kind).increment();
    }

    // ---- recorders -----------------------------------------------------------------------------------------------

    /** The per-message meters of one dialect. */
    public RelayMeters relay(String dialect) {
        return relays.computeIfAbsent(dialect, name -> new RelayMeters(registry, name));
    }

    /** The meters of the sockets of clients. */
    public SocketMeters clientSockets() {
        return clientSockets;
    }

    /** The meters of the sockets to the model. */
    public SocketMeters modelSockets() {
        return modelSockets;
    }

    /** The per-turn meters. */
    public TurnMeters turns() {
        return turns;
    }

    /**
     * The meters of one model.
     *
     * @param backend {@code simulator} or {@code gemini}
     * @param model its id; if it is not in the catalogue it is counted as {@code other}
     */
    public ModelMeters model(String backend, String model) {
        String label = knownModels.contains(model) ? model : OTHER;
        return models.computeIfAbsent(
                List.of(backend, label), key -> new ModelMeters(registry, backend, label, price(label)));
    }

    private TokenPrice price(String label) {
        LivebridgeConfig.Price price = prices.get(label);
        return price == null ? TokenPrice.NONE : TokenPrice.of(price);
    }
}
