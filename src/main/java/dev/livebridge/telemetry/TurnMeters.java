package dev.livebridge.telemetry;

import static java.util.Objects.requireNonNull;

import dev.livebridge.message.GatewayMessage.Timing.SpeechEnd;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;

/**
 * The latency of turns, and its split between gateway, model and network. Durations that clients report are clamped
 * before they come here.
 */
public final class TurnMeters {

    private final EnumMap<SpeechEnd, Shares> shares = new EnumMap<>(SpeechEnd.class);
    private final Timer detection;
    private final Timer relay;
    private final Timer firstSound;
    private final Timer silence;
    private final Counter underruns;
    private final Counter ignored;

    TurnMeters(MeterRegistry registry) {
        for (SpeechEnd source : SpeechEnd.values()) {
            String label = source.label();
            shares.put(
                    source,
                    new Shares(
                            Metric.TURN_RESPONSE.timer(registry, label),
                            Metric.TURN_GATEWAY.timer(registry, label),
                            Metric.TURN_MODEL.timer(registry, label),
                            Metric.TURN_FIRST_BYTE.timer(registry, label),
                            Metric.TURN_NETWORK.timer(registry, label)));
        }
        detection = Metric.INTERRUPTION.timer(registry, "detection");
        relay = Metric.INTERRUPTION.timer(registry, "relay");
        firstSound = Metric.CLIENT_FIRST_SOUND.timer(registry);
        silence = Metric.CLIENT_SILENCE.timer(registry);
        underruns = Metric.CLIENT_UNDERRUNS.counter(registry);
        ignored = Metric.CLIENT_REPORTS_IGNORED.counter(registry);
    }

    /**
     * Records an answered turn.
     *
     * @param source how the end of the user's input is known
     * @param response from that end to the first sound or text written to the client
     * @param gateway our share, both ways
     * @param firstByte from the question written to the answer's first message of any kind
     * @param model from the question written to its first sound or text
     */
    public void answered(SpeechEnd source, Duration response, Duration gateway, Duration firstByte, Duration model) {
        Shares meters = requireNonNull(shares.get(source));
        meters.response().record(response);
        meters.gateway().record(gateway);
        meters.firstByte().record(firstByte);
        meters.model().record(model);
    }

    /** Records what a client's first sound took beyond the response measured here. */
    public void network(SpeechEnd source, Duration beyond) {
        requireNonNull(shares.get(source)).network().record(beyond);
    }

    /** Records how long the model took to notice that the user began to speak. */
    public void interruptionDetected(Duration after) {
        detection.record(after);
    }

    /** Records how long the model's word of an interruption took to the client. */
    public void interruptionRelayed(Duration after) {
        relay.record(after);
    }

    /** Records what a client reported about its first sound. */
    public void firstSound(Duration reported) {
        firstSound.record(reported);
    }

    /** Records what a client reported about an interruption. */
    public void silence(Duration reported) {
        silence.record(reported);
    }

    /** Counts what a client reported about its playback. */
    public void underruns(int reported) {
        underruns.increment(reported);
    }

    /** Counts a client's report that belongs to no turn. */
    public void reportIgnored() {
        ignored.increment();
    }

    private record Shares(Timer response, Timer gateway, Timer model, Timer firstByte, Timer network) {}
}
