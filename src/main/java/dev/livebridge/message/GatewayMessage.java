package dev.livebridge.message;

import java.util.List;
import java.util.Locale;
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

    /**
     * Where the wait for a turn's answer went, told once, right after its first sound or text was written. All moments
     * are {@link System#nanoTime()}.
     *
     * @param speechEnd when the user's input was complete, {@code null} when nobody can say
     * @param source how that is known, {@code null} as well then
     * @param inputReceived when the input that was answered arrived at the gateway
     * @param inputWritten when it was written to the model
     * @param firstByteReceived when the answer's first message of any kind arrived
     * @param firstAudioReceived when its first sound arrived, or text for a client that asked for text
     * @param firstAudioWritten when that was written to the client
     */
    record Timing(
            @Nullable Long speechEnd,
            @Nullable SpeechEnd source,
            @Nullable Long inputReceived,
            @Nullable Long inputWritten,
            long firstByteReceived,
            long firstAudioReceived,
            long firstAudioWritten)
            implements GatewayMessage {

        /** How the end of the user's input is known. */
        public enum SpeechEnd {
            /** The gateway heard the voice stop. */
            ESTIMATE,
            /** The client said that the user has spoken. */
            PUSH_TO_TALK,
            /** The user typed. */
            TEXT;

            private final String label = name().toLowerCase(Locale.ROOT);

            /** As in messages and labels. */
            public String label() {
                return label;
            }
        }
    }
}
