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
     * @param backend {@code simulator} or {@code gemini}
     * @param model the model that answers, without prefix
     * @param setup the effective setup, JSON, as it went upstream
     * @param notices what was changed in the client's setup, and why; sentences for people
     * @param resumed whether the client came with a token and is back in its conversation
     * @param memory what the model knows of what was said before
     * @param answering whether the client is back in the middle of a reply, the rest of which comes as this
     *     connection's first turn
     * @param transcript what was said before, oldest first, as far as it was kept; empty when nothing was
     */
    record Ready(
            String sessionId,
            String backend,
            String model,
            String setup,
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
     * Something went wrong.
     *
     * @param code stable, machine-readable, snake_case
     * @param message what was wrong, one sentence for people, free of secrets
     * @param remedy what they can do about it, {@code null} when nothing
     * @param retryAfterMillis when another attempt makes sense, {@code null} when that is not a matter of time
     * @param fatal whether the session ends with it
     */
    record Problem(
            String code,
            String message,
            @Nullable String remedy,
            @Nullable Long retryAfterMillis,
            boolean fatal) implements GatewayMessage {}

    /** What the model knows of what was said before its present connection. */
    enum Memory {
        /** Nothing was said before. */
        NEW,
        /** Everything: it goes on from its own snapshot. */
        RESUMED,
        /** The words: they were told to it anew. */
        REBUILT;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As it is spelled in messages and meters. */
        public String label() {
            return label;
        }
    }

    /** The connection to the model is being renewed, in a pause of the talk; what is said now waits a moment. */
    record Renewing() implements GatewayMessage {}

    /**
     * The connection to the model was lost and is being made again.
     *
     * @param attempt counts from 1
     * @param retryInMillis until it begins
     */
    record Reconnecting(int attempt, long retryInMillis) implements GatewayMessage {}

    /**
     * The model is there again.
     *
     * @param memory what it remembers; never {@link Memory#NEW}
     */
    record Reconnected(Memory memory) implements GatewayMessage {}

    /**
     * The session will end unless something happens.
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

    /**
     * The newest token with which the client can go on with this conversation, at this instance or another.
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
     * The client shall go on at another instance, now; the close with 1012 follows.
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
