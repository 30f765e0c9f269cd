package dev.livebridge.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * All metrics: names, labels, units, buckets and help texts. {@code docs/metrics.md} has the same list, and a test
 * compares both with a scrape.
 *
 * <p>Times are seconds, sizes bytes. A label's values are a closed, small set: never a session, a user, an address or
 * text from outside. Names beginning with {@code gen_ai} are OpenTelemetry's, as they stand.
 */
// The array of buckets is never exposed, the list of labels is unmodifiable.
@SuppressWarnings("ImmutableEnumChecker")
public enum Metric {

    // ---- sessions ------------------------------------------------------------------------------------------------

    SESSIONS_ACTIVE(Type.GAUGE, "livebridge.sessions.active", "", "Sessions that have begun and not ended"),
    SESSIONS_CAPACITY(Type.GAUGE, "livebridge.sessions.capacity", "", "Most sessions of this instance"),
    SESSIONS_DRAINING(Type.GAUGE, "livebridge.sessions.draining", "", "1 while the instance drains, else 0"),
    SESSIONS_STARTED(Type.COUNTER, "livebridge.sessions.started", "", "Sessions begun", "dialect"),
    SESSIONS_ENDED(
            Type.COUNTER,
            "livebridge.sessions.ended",
            "",
            "Sessions ended, by end cause; started = ended + active in every scrape",
            "cause"),
    SESSION_DURATION(
            Type.TIMER,
            "livebridge.session.duration",
            Buckets.LIVES,
            "Duration of a session, from its upgrade to its end"),
    SETUP_DURATION(
            Type.TIMER,
            "livebridge.session.setup.duration",
            Buckets.WAITS,
            "From the client's setup to the model's readiness"),
    UPGRADES_REJECTED(
            Type.COUNTER,
            "livebridge.upgrades.rejected",
            "",
            "WebSocket upgrades refused before a session began",
            "reason"),
    REQUESTS_REFUSED(Type.COUNTER, "livebridge.requests.refused", "", "HTTP requests refused before routing", "reason"),
    INPUT_REJECTED(
            Type.COUNTER,
            "livebridge.input.rejected",
            "",
            "Client frames that could not be understood",
            "dialect",
            "code"),

    // ---- limits --------------------------------------------------------------------------------------------------

    LIMITS_DENIED(
            Type.COUNTER,
            "livebridge.limits.denied",
            "",
            "Conversations that found a limit of their caller reached",
            "scope",
            "kind"),
    BUDGET_WARNINGS(Type.COUNTER, "livebridge.budget.warnings", "", "Warnings that most of a budget is used", "scope"),
    LIMIT_STORE_AVAILABLE(
            Type.GAUGE,
            "livebridge.limit.store.available",
            "",
            "1 while the Redis that counts for all instances answers, else 0; absent without one"),
    LIMIT_STORE_FAILURES(
            Type.COUNTER,
            "livebridge.limit.store.failures",
            "",
            "Questions that the Redis that counts for all instances did not answer"),

    // ---- settings ------------------------------------------------------------------------------------------------

    SETTINGS_FILE_VALID(
            Type.GAUGE,
            "livebridge.settings.file.valid",
            "",
            "1 while the content of a file of settings is in use, 0 while the file is unreadable or invalid and its "
                    + "previous content stays in use; absent without files",
            "setting"),

    // ---- messages ------------------------------------------------------------------------------------------------

    RELAY_LATENCY(
            Type.TIMER,
            "livebridge.relay.latency",
            Buckets.RELAY,
            "From a frame's arrival at one socket to the completed write of its message on the other",
            "direction",
            "kind",
            "dialect"),
    RELAY_QUEUE_WAIT(
            Type.TIMER,
            "livebridge.relay.queue.wait",
            Buckets.RELAY,
            "Part of the relay latency in the queue",
            "direction",
            "kind"),
    RELAY_WRITE(
            Type.TIMER,
            "livebridge.relay.write",
            Buckets.RELAY,
            "Part of the relay latency from the queue to the completed write: encoding and socket",
            "direction",
            "kind"),
    RELAY_BYTES(
            Type.SUMMARY,
            "livebridge.relay.bytes",
            "bytes",
            "Payload of relayed messages; its count is the number of messages",
            "direction",
            "kind",
            "dialect"),
    RELAY_DROPPED(
            Type.COUNTER,
            "livebridge.relay.dropped",
            "",
            "Messages dropped instead of relayed",
            "direction",
            "kind",
            "reason"),
    SOCKET_MESSAGES(
            Type.COUNTER,
            "livebridge.socket.messages",
            "",
            "WebSocket messages at the sockets, of any content",
            "side",
            "direction"),
    SOCKET_BYTES(
            Type.COUNTER,
            "livebridge.socket.bytes",
            "",
            "Bytes of the WebSocket messages at the sockets",
            "side",
            "direction"),
    QUEUE_BYTES(
            Type.GAUGE,
            "livebridge.queue.bytes",
            "bytes",
            "Memory of all sessions in bytes: queues and everything else"),
    QUEUE_LIMIT(
            Type.GAUGE,
            "livebridge.queue.limit",
            "bytes",
            "Bound of the memory of all sessions in bytes; beyond it the session that uses most ends"),
    SESSION_MEMORY(
            Type.GAUGE, "livebridge.session.memory", "bytes", "Memory of all sessions in bytes, by part", "part"),

    // ---- the model's side ----------------------------------------------------------------------------------------

    UPSTREAM_OPEN(Type.GAUGE, "livebridge.upstream.connections.active", "", "Upstream sockets that are open"),
    UPSTREAM_CONNECT(
            Type.TIMER,
            "livebridge.upstream.connect.duration",
            Buckets.WAITS,
            "TCP, TLS and WebSocket handshake with the model, up to the written setup",
            "outcome"),
    UPSTREAM_CLOSES(
            Type.COUNTER,
            "livebridge.upstream.closes",
            "",
            "Closes of upstream connections that the gateway did not request",
            "code",
            "cause"),
    UPSTREAM_ROTATIONS(
            Type.COUNTER,
            "livebridge.upstream.rotations",
            "",
            "Changes of a running session to a new upstream connection",
            "trigger",
            "outcome"),
    UPSTREAM_GAP(
            Type.TIMER,
            "livebridge.upstream.gap",
            Buckets.WAITS,
            "Time in a change of the upstream connection in which nothing can be sent to the model",
            "trigger"),
    WATCHDOG(Type.COUNTER, "livebridge.session.watchdog", "", "Repairs of conversations that made no progress", "kind"),
    RESUMPTIONS(
            Type.COUNTER, "livebridge.session.resumptions", "", "Attempts to resume a session with a token", "outcome"),
    CLIENT_ABSENCE(
            Type.TIMER,
            "livebridge.client.absence",
            Buckets.WAITS,
            "Time without a client, from a client's loss to its return, in sessions that this instance still held"),

    // ---- turns ---------------------------------------------------------------------------------------------------

    TURN_RESPONSE(
            Type.TIMER,
            "livebridge.turn.response",
            Buckets.ANSWERS,
            "From the end of the user's input to the first audio or text of the answer written to the client",
            "source"),
    TURN_GATEWAY(
            Type.TIMER,
            "livebridge.turn.gateway",
            Buckets.RELAY,
            "The gateway's share of a turn's response, both directions together",
            "source"),
    TURN_MODEL(
            Type.TIMER,
            "livebridge.turn.model",
            Buckets.ANSWERS,
            "The model's share of a turn's response, its network included: input written to first audio received",
            "source"),
    TURN_FIRST_BYTE(
            Type.TIMER,
            "livebridge.turn.first.byte",
            Buckets.ANSWERS,
            "From the input written to the first message of the answer, of any kind",
            "source"),
    TURN_NETWORK(
            Type.TIMER,
            "livebridge.turn.network",
            Buckets.ANSWERS,
            "First audio as the client reports it, less the response as measured here: the client's network "
                    + "and playback",
            "source"),
    INTERRUPTION(
            Type.TIMER,
            "livebridge.interruption.latency",
            Buckets.ANSWERS,
            "An interruption by stage: detection (the user's speech to Gemini's interrupted), relay (from "
                    + "there to the client)",
            "stage"),
    CLIENT_FIRST_SOUND(
            Type.TIMER,
            "livebridge.client.first.sound",
            Buckets.ANSWERS,
            "First audio played after the end of the user's input, as clients report it (untrusted, clamped)"),
    CLIENT_SILENCE(
            Type.TIMER,
            "livebridge.client.interruption.silence",
            Buckets.ANSWERS,
            "From interrupted to silence, as clients report it (untrusted, clamped)"),
    CLIENT_UNDERRUNS(
            Type.COUNTER,
            "livebridge.client.underruns",
            "",
            "Gaps in playback for lack of audio, as clients report them (untrusted, clamped)"),
    CLIENT_REPORTS_IGNORED(
            Type.COUNTER,
            "livebridge.client.reports.ignored",
            "",
            "Reports of clients about a turn without a timing, or with a report already"),

    // ---- tokens and money ----------------------------------------------------------------------------------------

    GEN_AI_TOKEN_USAGE(
            Type.SUMMARY,
            "gen_ai.client.token.usage",
            Buckets.TOKENS,
            "Tokens of a turn, by type",
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model",
            "gen_ai.token.type"),
    GEN_AI_DURATION(
            Type.TIMER,
            "gen_ai.client.operation.duration",
            Buckets.OPERATIONS,
            "From the written input to the end of the turn",
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model",
            "error.type"),
    GEN_AI_FIRST_CHUNK(
            Type.TIMER,
            "gen_ai.client.operation.time_to_first_chunk",
            Buckets.OPERATIONS,
            "From the written input to the first audio or text of the answer",
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model"),
    GEN_AI_PER_CHUNK(
            Type.TIMER,
            "gen_ai.client.operation.time_per_output_chunk",
            Buckets.OPERATIONS,
            "Between two chunks of one answer",
            "gen_ai.operation.name",
            "gen_ai.provider.name",
            "gen_ai.request.model"),
    TOKENS(Type.COUNTER, "livebridge.tokens", "", "Tokens as the model counted them", "direction", "modality", "model"),
    COST(
            Type.COUNTER,
            "livebridge.cost.usd",
            "",
            "Estimated price of the tokens in US dollars, by the price table of the configuration",
            "model"),

    // ---- threads -------------------------------------------------------------------------------------------------

    VIRTUAL_THREADS_MOUNTED(
            Type.GAUGE, "livebridge.virtual.threads.mounted", "", "Virtual threads that run on a carrier right now"),
    VIRTUAL_THREADS_QUEUED(
            Type.GAUGE,
            "livebridge.virtual.threads.queued",
            "",
            "Virtual threads that could run but wait for a carrier; an estimate"),
    VIRTUAL_THREADS_PARALLELISM(
            Type.GAUGE, "livebridge.virtual.threads.parallelism", "", "Carriers the scheduler aims for");

    /** What kind of meter it is. */
    public enum Type {
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** A histogram of seconds. */
        TIMER,
        /** Count and sum of something else than seconds, with buckets where the list gives some. */
        SUMMARY
    }

    private final Type type;
    private final String id;
    private final String unit;
    private final double[] buckets;
    private final String help;
    private final List<String> labels;

    Metric(Type type, String id, String unit, String help, String... labels) {
        this(type, id, unit, new double[0], help, labels);
    }

    Metric(Type type, String id, double[] buckets, String help, String... labels) {
        this(type, id, type == Type.TIMER ? "seconds" : "", buckets, help, labels);
    }

    Metric(Type type, String id, String unit, double[] buckets, String help, String... labels) {
        this.type = type;
        this.id = id;
        this.unit = unit;
        this.buckets = buckets;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** What kind of meter it is. */
    public Type type() {
        return type;
    }

    /** Micrometer's name. */
    public String id() {
        return id;
    }

    /** The help text. */
    public String help() {
        return help;
    }

    /** Names of the labels, in the order of their values in calls. */
    public List<String> labels() {
        return labels;
    }

    /** Upper bounds of the buckets; empty where there are none. */
    public List<Double> buckets() {
        return Arrays.stream(buckets).boxed().toList();
    }

    /** The name in a scrape, without what a histogram appends. */
    public String prometheusName() {
        String name = id.replace('.', '_');
        if (!unit.isEmpty() && !name.endsWith("_" + unit)) {
            name += "_" + unit;
        }
        return type == Type.COUNTER ? name + "_total" : name;
    }

    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(id)
                .description(help)
                .tags(tags(values))
                .serviceLevelObjectives(Arrays.stream(buckets)
                        .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
                        .toArray(Duration[]::new))
                .register(registry);
    }

    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(id).description(help).tags(tags(values)).register(registry);
    }

    void functionCounter(MeterRegistry registry, LongAdder count, String... values) {
        FunctionCounter.builder(id, count, LongAdder::doubleValue)
                .description(help)
                .tags(tags(values))
                .register(registry);
    }

    DistributionSummary summary(MeterRegistry registry, String... values) {
        DistributionSummary.Builder builder =
                DistributionSummary.builder(id).description(help).tags(tags(values));
        if (!unit.isEmpty()) {
            builder.baseUnit(unit);
        }
        if (buckets.length > 0) {
            builder.serviceLevelObjectives(buckets);
        }
        return builder.register(registry);
    }

    void gauge(MeterRegistry registry, Supplier<Number> value, String... labelValues) {
        Gauge.Builder<?> builder = Gauge.builder(id, value).description(help).tags(tags(labelValues));
        if (!unit.isEmpty()) {
            builder.baseUnit(unit);
        }
        builder.register(registry);
    }

    private Tags tags(String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(id + " has the labels " + labels);
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(labels.get(i), values[i]));
        }
        return Tags.of(tags);
    }

    /** Upper bounds in seconds, except for tokens. */
    private static final class Buckets {

        /** Around the usual latency of the gateway. */
        static final double[] RELAY = {
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1
        };
        /** Handshakes and setups. */
        static final double[] WAITS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
        /** Waiting time for an answer. */
        static final double[] ANSWERS = {0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10};
        /** Conversations. */
        static final double[] LIVES = {1, 10, 60, 300, 600, 1800, 3600, 7200};
        /** As the GenAI conventions advise. */
        static final double[] OPERATIONS = {
            0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
        };
        /** As the GenAI conventions advise, as far as a context window goes. */
        static final double[] TOKENS = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144};

        private Buckets() {}
    }
}
