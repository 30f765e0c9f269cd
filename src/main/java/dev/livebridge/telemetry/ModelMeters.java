package dev.livebridge.telemetry;

import static java.util.Objects.requireNonNull;

import dev.livebridge.message.ServerMessage.Modality;
import dev.livebridge.message.ServerMessage.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The meters of one model: turns, tokens, cost. Maps them to OpenTelemetry's GenAI names: an operation is a turn, a
 * chunk is a message with audio or text.
 */
public final class ModelMeters {

    private static final String OPERATION = "generate_content";
    private static final String NO_ERROR = "";
    private static final double MICRO = 1e-6;

    private final MeterRegistry registry;
    private final String provider;
    private final String model;
    private final TokenPrice price;
    private final DistributionSummary inputTokens;
    private final DistributionSummary outputTokens;
    private final EnumMap<Modality, Counter> input = new EnumMap<>(Modality.class);
    private final EnumMap<Modality, Counter> output = new EnumMap<>(Modality.class);
    private final Counter cost;
    private final Timer duration;
    private final Timer firstChunk;
    private final Timer perChunk;

    ModelMeters(MeterRegistry registry, String backend, String model, TokenPrice price) {
        this.registry = registry;
        this.provider = provider(backend);
        this.model = model;
        this.price = price;
        inputTokens = Metric.GEN_AI_TOKEN_USAGE.summary(registry, OPERATION, provider, model, "input");
        outputTokens = Metric.GEN_AI_TOKEN_USAGE.summary(registry, OPERATION, provider, model, "output");
        for (Modality modality : Modality.values()) {
            String label = modality.name().toLowerCase(Locale.ROOT);
            input.put(modality, Metric.TOKENS.counter(registry, "input", label, model));
            output.put(modality, Metric.TOKENS.counter(registry, "output", label, model));
        }
        cost = Metric.COST.counter(registry, model);
        duration = Metric.GEN_AI_DURATION.timer(registry, OPERATION, provider, model, NO_ERROR);
        firstChunk = Metric.GEN_AI_FIRST_CHUNK.timer(registry, OPERATION, provider, model);
        perChunk = Metric.GEN_AI_PER_CHUNK.timer(registry, OPERATION, provider, model);
    }

    private static String provider(String backend) {
        return switch (backend) {
            case "gemini" -> "gcp.gemini";
            default -> backend;
        };
    }

    /** Counts the tokens of a turn and what they cost. */
    public void used(Usage usage) {
        inputTokens.record(usage.promptTokens());
        outputTokens.record(usage.responseTokens());
        usage.input()
                .forEach((modality, tokens) ->
                        requireNonNull(input.get(modality)).increment(tokens));
        usage.output()
                .forEach((modality, tokens) ->
                        requireNonNull(output.get(modality)).increment(tokens));
        cost.increment(price.microUsd(usage) * MICRO);
    }

    /** Records the duration of a turn, from its input to its end. */
    public void turnOver(Duration took) {
        duration.record(took);
    }

    /** Records a turn that failed upstream; {@code error} is an end cause's label. */
    public void turnFailed(Duration took, String error) {
        Metric.GEN_AI_DURATION
                .timer(registry, OPERATION, provider, model, error)
                .record(took);
    }

    /** Records the time to the first audio or text. */
    public void firstChunk(Duration wait) {
        firstChunk.record(wait);
    }

    /** Records the time between two chunks. */
    public void nextChunk(long nanos) {
        perChunk.record(nanos, TimeUnit.NANOSECONDS);
    }
}
