package dev.livebridge.message;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A message from the gateway itself to the client. */
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
     * The session is ready for input.
     *
     * @param sessionId the session's id, as in the logs
     * @param backend {@code simulator} or {@code gemini}
     * @param model the model that answers, without prefix
     * @param setup the effective setup, JSON, as it went upstream, without an agent's instruction
     * @param agent of the conversation, {@code null} without one; clients get its name only
     * @param notices changes to the client's setup and their reasons; sentences for people
     * @param resumed whether the client resumed its conversation by token
     * @param memory what the model remembers of the conversation
     * @param answering whether an answer is in progress; the rest of it is this connection's first turn
     * @param transcript the earlier turns as text, oldest first, as far as they were kept; may be empty
     */
    record Ready(
            String sessionId,
            String backend,
            String model,
            String setup,
            @Nullable AgentSetup agent,
            List<String> notices,
            boolean resumed,
            Memory memory,
            boolean answering,
            List<TranscriptEntry> transcript)
            implements GatewayMessage {

        @Override
        public int bytes() {
            int said = 0;
            for (TranscriptEntry entry : transcript) {
                said += entry.text().length();
            }
            for (String notice : notices) {
                said += notice.length();
            }
            return 256 + setup.length() + said;
        }
    }

    /**
     * An error.
     *
     * @param code stable, machine-readable, snake_case
     * @param message what was wrong, one sentence for people, free of secrets
     * @param remedy what people can do about it; {@code null} when there is nothing
     * @param retryAfterMillis when another attempt makes sense; {@code null} when waiting does not help
     * @param fatal whether the session ends with it
     */
    record Problem(
            String code,
            String message,
            @Nullable String remedy,
            @Nullable Long retryAfterMillis,
            boolean fatal) implements GatewayMessage {}

    /** What the model remembers of the conversation before its newest connection. */
    enum Memory {
        /** The conversation is new. */
        NEW,
        /** Everything: Gemini resumed its own session. */
        RESUMED,
        /** The text of the last turns: the gateway sent it again. */
        REBUILT;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** The label in messages and metrics. */
        public String label() {
            return label;
        }
    }

    /** The gateway replaces the connection to the model, in a pause; input is queued meanwhile. */
    record Renewing() implements GatewayMessage {}

    /**
     * The connection to the model was lost; the gateway reconnects.
     *
     * @param attempt counts from 1
     * @param retryInMillis until the attempt
     */
    record Reconnecting(int attempt, long retryInMillis) implements GatewayMessage {}

    /**
     * The model is connected again.
     *
     * @param memory what it remembers; never {@link Memory#NEW}
     */
    record Reconnected(Memory memory) implements GatewayMessage {}

    /**
     * The session will end soon.
     *
     * @param code the ending's code, {@code idle_timeout}, {@code max_duration} or {@code budget}
     * @param message for people
     * @param inMillis until then, {@code null} when that is not a matter of time alone
     */
    record Warning(String code, String message, @Nullable Long inMillis) implements GatewayMessage {}

    /**
     * Answer to {@link ClientMessage.Ping}.
     *
     * @param clientTime the client's clock, as it came
     * @param receivedNanos {@link System#nanoTime()} at the ping's arrival
     */
    record Pong(double clientTime, long receivedNanos) implements GatewayMessage {}

    /**
     * The latency of a turn in stages, sent once, right after the first audio or text of the answer. All times are
     * {@link System#nanoTime()}.
     *
     * @param speechEnd when the user's input was complete; {@code null} when unknown
     * @param source how that is known; {@code null} when unknown
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

        /** How the end of the user's input is determined. */
        public enum SpeechEnd {
            /** The gateway detected the end of speech. */
            ESTIMATE,
            /** The client marked the end of speech. */
            PUSH_TO_TALK,
            /** The user typed. */
            TEXT;

            private final String label = name().toLowerCase(Locale.ROOT);

            /** The label in messages and metrics. */
            public String label() {
                return label;
            }
        }
    }

    /**
     * The newest resume token of this conversation, valid at this instance and others.
     *
     * @param token replaces all earlier ones
     * @param expiresInMillis how long it is good
     */
    record ResumeOffer(String token, long expiresInMillis) implements GatewayMessage {
        @Override
        public int bytes() {
            return token.length();
        }

        /** Tells nothing of the token. */
        @Override
        public String toString() {
            return "ResumeOffer[" + token.length() + " characters]";
        }
    }

    /**
     * The client must reconnect now, to another instance; a close with 1012 follows.
     *
     * @param token as in {@link ResumeOffer}
     * @param expiresInMillis how long it is good
     */
    record Migrate(String token, long expiresInMillis) implements GatewayMessage {
        @Override
        public int bytes() {
            return token.length();
        }

        /** Tells nothing of the token. */
        @Override
        public String toString() {
            return "Migrate[" + token.length() + " characters]";
        }
    }
}
