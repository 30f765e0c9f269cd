package dev.livebridge.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the gateway itself tells a client. */
public sealed interface GatewayMessage extends DownstreamMessage {

    @Override
    default MessageKind kind() {
        return MessageKind.CONTROL;
    }

    @Override
    default int bytes() {
        return 256;
    }

    /**
     * The conversation can begin.
     *
     * @param sessionId the session's id, as in the logs
     * @param backend {@code simulator}, {@code gemini} or {@code vertex}
     * @param model the model that answers, without prefix
     * @param setup the effective setup, JSON, as it went upstream
     * @param notices what was changed in the client's setup, and why; sentences for people
     */
    record Ready(String sessionId, String backend, String model, String setup, List<String> notices)
            implements GatewayMessage {}

    /**
     * Something went wrong.
     *
     * @param code stable, machine-readable, snake_case
     * @param message what was wrong, one sentence for people, free of secrets
     * @param remedy what they can do about it, {@code null} when nothing
     * @param fatal whether the session ends with it
     */
    record Problem(String code, String message, @Nullable String remedy, boolean fatal) implements GatewayMessage {}

    /**
     * Answer to {@link ClientMessage.Ping}.
     *
     * @param clientTime the client's clock, as it came
     * @param receivedNanos {@link System#nanoTime()} at the ping's arrival
     */
    record Pong(double clientTime, long receivedNanos) implements GatewayMessage {}
}
