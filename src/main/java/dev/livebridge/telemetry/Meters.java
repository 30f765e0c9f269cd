package dev.livebridge.telemetry;

import static java.util.Objects.requireNonNull;

import dev.livebridge.message.MessageKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Every meter of the service: names, labels, units and help texts. Names are Micrometer's; Prometheus shows them with
 * underscores, the unit and {@code _total} where it applies. No label ever holds a session, a user, an address or text.
 */
@Singleton
public class Meters {

    /** Sessions that have begun and not ended. */
    public static final String SESSIONS_ACTIVE = "livebridge.sessions.active";
    /** Sessions this process may hold. */
    public static final String SESSIONS_CAPACITY = "livebridge.sessions.capacity";
    /** Sessions begun, by dialect. */
    public static final String SESSIONS_STARTED = "livebridge.sessions.started";
    /** Sessions ended, by cause. */
    public static final String SESSIONS_ENDED = "livebridge.sessions.ended";
    /** Life of a session. */
    public static final String SESSION_DURATION = "livebridge.session.duration";
    /** From the client's setup to the model's {@code setupComplete}. */
    public static final String SETUP_DURATION = "livebridge.session.setup.duration";
    /** Upgrades that were refused before a session began, by reason. */
    public static final String UPGRADES_REJECTED = "livebridge.upgrades.rejected";
    /** Resume tokens that were refused, by reason. */
    public static final String RESUME_REFUSED = "livebridge.resume.refused";
    /** Conversations that were taken up again, by way. */
    public static final String RESUMED = "livebridge.resume.accepted";
    /** From the callback of one socket to the finished write on the other, by direction, kind and dialect. */
    public static final String RELAY_LATENCY = "livebridge.relay.latency";
    /** Payload of relayed messages, by direction, kind and dialect; its count is the number of messages. */
    public static final String RELAY_BYTES = "livebridge.relay.bytes";
    /** Messages that were dropped, by direction, kind and reason. */
    public static final String DROPPED = "livebridge.relay.dropped";
    /** Bytes waiting in all queues. */
    public static final String QUEUE_BYTES = "livebridge.queue.bytes";
    /** TCP, TLS and WebSocket handshake with the model, by outcome. */
    public static final String UPSTREAM_CONNECT = "livebridge.upstream.connect.duration";
    /** Upstream sockets that are open. */
    public static final String UPSTREAM_OPEN = "livebridge.upstream.connections.active";
    /** Upstream closes that the gateway did not ask for, by close code and cause. */
    public static final String UPSTREAM_CLOSES = "livebridge.upstream.closes";
    /** From one connection to the model to the next within a conversation, by what caused it and by its outcome. */
    public static final String UPSTREAM_GAP = "livebridge.upstream.gap";
    /** Conversations a watchdog had to set going again, by kind. */
    public static final String WATCHDOG = "livebridge.session.watchdog";
    /** Client frames that could not be understood, by dialect and fault. */
    public static final String BAD_INPUT = "livebridge.input.rejected";

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
        /** The client was away for a moment. */
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

    private static final Duration[] RELAY_BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1)
    };

    private static final Duration[] CONNECT_BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private static final Duration[] SESSION_BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30),
        Duration.ofHours(1),
        Duration.ofHours(2)
    };

    private final MeterRegistry registry;
    private final Map<String, RelayMeters> relays = new ConcurrentHashMap<>();

    /**
     * All meters register with this registry.
     *
     * @param registry the process's registry
     */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the gauges whose values live with the open sessions. */
    public void observeSessions(Supplier<Number> active, Supplier<Number> capacity, Supplier<Number> queueBytes) {
        Gauge.builder(SESSIONS_ACTIVE, active)
                .description("Sessions that have begun and not ended")
                .register(registry);
        Gauge.builder(SESSIONS_CAPACITY, capacity)
                .description("Sessions this process may hold")
                .register(registry);
        Gauge.builder(QUEUE_BYTES, queueBytes)
                .description("Bytes waiting in all queues")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Registers the gauge of open upstream sockets. */
    public void observeUpstreams(Supplier<Number> open) {
        Gauge.builder(UPSTREAM_OPEN, open)
                .description("Upstream sockets that are open")
                .register(registry);
    }

    /** Counts a session's begin. */
    public void sessionStarted(String dialect) {
        counter(SESSIONS_STARTED, "Sessions begun", "dialect", dialect).increment();
    }

    /** Counts a session's end. */
    public void sessionEnded(String cause, Duration age) {
        counter(SESSIONS_ENDED, "Sessions ended, by cause", "cause", cause).increment();
        Timer.builder(SESSION_DURATION)
                .description("Life of a session")
                .serviceLevelObjectives(SESSION_BUCKETS)
                .register(registry)
                .record(age);
    }

    /** Records how long a client waited from its setup to the model's readiness. */
    public void setupCompleted(Duration wait) {
        Timer.builder(SETUP_DURATION)
                .description("From the client's setup to setupComplete")
                .serviceLevelObjectives(CONNECT_BUCKETS)
                .register(registry)
                .record(wait);
    }

    /**
     * Counts an upgrade that was refused; {@code reason} is one of {@code origin}, {@code capacity}, {@code draining}.
     */
    public void upgradeRejected(String reason) {
        counter(UPGRADES_REJECTED, "Upgrades refused before a session began", "reason", reason)
                .increment();
    }

    /** Counts a resume token that was refused. */
    public void resumeRefused(String reason) {
        counter(RESUME_REFUSED, "Resume tokens that were refused", "reason", reason)
                .increment();
    }

    /**
     * Counts a conversation that was taken up again; {@code way} is {@code reattached} (still held here),
     * {@code handed_over} (by another instance) or {@code token} (from the token alone).
     */
    public void resumed(String way) {
        counter(RESUMED, "Conversations that were taken up again", "way", way).increment();
    }

    /** Counts a client frame that could not be understood. */
    public void inputRejected(String dialect, String code) {
        counter(BAD_INPUT, "Client frames that could not be understood", "dialect", dialect, "code", code)
                .increment();
    }

    /** Records a handshake with the model; {@code outcome} is {@code ok} or an end cause's label. */
    public void upstreamConnect(Duration duration, String outcome) {
        Timer.builder(UPSTREAM_CONNECT)
                .description("TCP, TLS and WebSocket handshake with the model")
                .tag("outcome", outcome)
                .serviceLevelObjectives(CONNECT_BUCKETS)
                .register(registry)
                .record(duration);
    }

    /** Counts a close the model asked for. Codes outside the registered ranges are folded into {@code other}. */
    public void upstreamClosed(int code, String cause) {
        String label = code >= 1000 && code <= 1015 ? Integer.toString(code) : "other";
        counter(UPSTREAM_CLOSES, "Upstream closes the gateway did not ask for", "code", label, "cause", cause)
                .increment();
    }

    /**
     * Records that a conversation went on, or did not, on another connection to the model.
     *
     * @param trigger what ended the connection before
     * @param outcome {@code resumed}, {@code rebuilt} or {@code failed}
     * @param gap from the last message of the one to the readiness of the other
     */
    public void upstreamGap(String trigger, String outcome, Duration gap) {
        Timer.builder(UPSTREAM_GAP)
                .description("From one connection to the model to the next within a conversation")
                .tag("trigger", trigger)
                .tag("outcome", outcome)
                .serviceLevelObjectives(CONNECT_BUCKETS)
                .register(registry)
                .record(gap);
    }

    /** Counts what a watchdog found. */
    public void watchdog(String kind) {
        counter(WATCHDOG, "Conversations a watchdog had to set going again", "kind", kind)
                .increment();
    }

    /** The per-message meters of one dialect; looked up once per session. */
    public RelayMeters relay(String dialect) {
        return relays.computeIfAbsent(dialect, name -> new RelayMeters(registry, name));
    }

    private Counter counter(String name, String help, String... tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    /** Meters of the hot path, resolved beforehand so that recording is an array access. */
    public static final class RelayMeters {

        private final EnumMap<Direction, EnumMap<MessageKind, KindMeters>> meters = new EnumMap<>(Direction.class);

        private RelayMeters(MeterRegistry registry, String dialect) {
            for (Direction direction : Direction.values()) {
                EnumMap<MessageKind, KindMeters> kinds = new EnumMap<>(MessageKind.class);
                for (MessageKind kind : MessageKind.values()) {
                    Tags tags = Tags.of("direction", direction.label(), "kind", kind.label(), "dialect", dialect);
                    kinds.put(kind, KindMeters.register(registry, tags));
                }
                meters.put(direction, kinds);
            }
        }

        /** Records one message that was written. */
        public void relayed(Direction direction, MessageKind kind, int payloadBytes, long nanos) {
            KindMeters meter = of(direction, kind);
            meter.latency().record(nanos, TimeUnit.NANOSECONDS);
            meter.bytes().record(payloadBytes);
        }

        /** Counts a message that was dropped. */
        public void dropped(Direction direction, MessageKind kind, DropReason reason) {
            requireNonNull(of(direction, kind).drops().get(reason)).increment();
        }

        private KindMeters of(Direction direction, MessageKind kind) {
            return requireNonNull(requireNonNull(meters.get(direction)).get(kind));
        }
    }

    private record KindMeters(Timer latency, DistributionSummary bytes, EnumMap<DropReason, Counter> drops) {

        static KindMeters register(MeterRegistry registry, Tags tags) {
            EnumMap<DropReason, Counter> drops = new EnumMap<>(DropReason.class);
            for (DropReason reason : DropReason.values()) {
                drops.put(
                        reason,
                        Counter.builder(DROPPED)
                                .description("Messages dropped")
                                .tags(tags.and("reason", reason.label()))
                                .register(registry));
            }
            return new KindMeters(
                    Timer.builder(RELAY_LATENCY)
                            .description("From one socket's callback to the finished write on the other")
                            .tags(tags)
                            .serviceLevelObjectives(RELAY_BUCKETS)
                            .register(registry),
                    DistributionSummary.builder(RELAY_BYTES)
                            .description("Payload of relayed messages")
                            .baseUnit("bytes")
                            .tags(tags)
                            .register(registry),
                    drops);
        }
    }
}
