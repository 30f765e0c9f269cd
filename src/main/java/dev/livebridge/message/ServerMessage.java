package dev.livebridge.message;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message from the model, in Gemini Live's terms (gemini-live-api.md section 5).
 *
 * <p>One upstream frame can carry several of them; the upstream edge splits the frame and orders them as section 15
 * item 7 requires. Members named {@code json} hold one JSON value, unchanged.
 */
public sealed interface ServerMessage extends DownstreamMessage {

    /** Content of a turn. */
    sealed interface TurnContent extends ServerMessage {}

    /** Content that the model generates. The first of it opens the model's turn. */
    sealed interface ModelOutput extends TurnContent {}

    /** An event in the course of a turn. */
    sealed interface TurnEvent extends ServerMessage {}

    /** A message about the session; it belongs to no turn and opens none. */
    sealed interface Housekeeping extends ServerMessage {}

    @Override
    default MessageKind kind() {
        return MessageKind.CONTROL;
    }

    @Override
    default int bytes() {
        return 32;
    }

    /** Whether the message belongs to a turn, as its content or as an event. */
    default boolean ofTurn() {
        return switch (this) {
            case TurnContent _, TurnEvent _ -> true;
            case Housekeeping _ -> false;
        };
    }

    /**
     * The upstream session is ready.
     *
     * @param json the inside of {@code setupComplete}; {@code {}} on the Developer API
     */
    record SetupComplete(String json) implements Housekeeping {}

    /** New input interrupted the turn; queued audio of it must not be played. */
    record Interrupted() implements TurnEvent {}

    /**
     * A chunk of the model's audio.
     *
     * @param data PCM, 16-bit signed little-endian, mono
     * @param mimeType {@code audio/pcm;rate=24000}; without rate 24 kHz is meant
     * @param rest the part's other members, a JSON object whose {@code inlineData} has the blob's other members;
     *     {@code null} when there are none
     */
    record Audio(Base64Text data, String mimeType, @Nullable String rest) implements ModelOutput {

        /** Audio in a part without other members. */
        public Audio(Base64Text data, String mimeType) {
            this(data, mimeType, null);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.AUDIO;
        }

        @Override
        public int bytes() {
            return data.text().length() + length(rest);
        }
    }

    /**
     * A text part of the model's turn.
     *
     * @param text a fragment, to be concatenated
     * @param thought whether it is a thought summary, not an answer
     * @param rest the part's other members, a JSON object; {@code null} when there are none
     */
    record Text(String text, boolean thought, @Nullable String rest) implements ModelOutput {

        /** Text in a part without other members. */
        public Text(String text, boolean thought) {
            this(text, thought, null);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.TEXT;
        }

        @Override
        public int bytes() {
            return text.length() + length(rest);
        }
    }

    /**
     * A part of the model's turn that is neither text nor audio (executable code, pictures, ...).
     *
     * @param json the whole part
     */
    record OtherPart(String json) implements ModelOutput {
        @Override
        public int bytes() {
            return json.length();
        }
    }

    /** The speaker of a transcript, and how its fragments combine. */
    enum TranscriptSource {
        /** The user's speech; fragments are concatenated. */
        INPUT,
        /** The user's speech, preliminary; each one replaces the previous. */
        INTERIM_INPUT,
        /** The model's speech; fragments are concatenated. */
        OUTPUT
    }

    /**
     * A fragment of a transcript.
     *
     * @param source whose speech
     * @param text the fragment; leading spaces matter
     * @param finished whether the service marked the utterance as finished (it seldom does)
     * @param json the whole object as it came, with language, speaker and words where given
     */
    record Transcription(TranscriptSource source, String text, boolean finished, String json) implements TurnContent {
        @Override
        public MessageKind kind() {
            return MessageKind.TEXT;
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * Sources of an answer: {@code groundingMetadata} or {@code urlContextMetadata}.
     *
     * @param field which of the two keys
     * @param json its value
     */
    record Grounding(String field, String json) implements TurnContent {
        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * A function that the model calls.
     *
     * @param id of the call, {@code null} when the model gave none
     * @param name of the function; empty when the model gave none
     */
    record FunctionCall(@Nullable String id, String name) {}

    /**
     * The model calls functions.
     *
     * @param calls in the model's order
     * @param json the inside of {@code toolCall}
     * @param inPart whether the calls came as parts of the model's turn, which are also passed on as {@link OtherPart}
     *     or {@link Text}, and not as a {@code toolCall}
     */
    record ToolCall(List<FunctionCall> calls, String json, boolean inPart) implements ModelOutput {
        public ToolCall {
            calls = List.copyOf(calls);
        }

        /** Calls that came as a {@code toolCall}. */
        public ToolCall(List<FunctionCall> calls, String json) {
            this(calls, json, false);
        }

        /** The calls' ids, in order; a call without id is left out. */
        public List<String> ids() {
            return calls.stream().map(FunctionCall::id).filter(Objects::nonNull).toList();
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * The model no longer waits for the results of these calls.
     *
     * @param ids the calls' ids
     * @param json the inside of {@code toolCallCancellation}; {@code null} when it holds only the ids
     */
    record ToolCallCancellation(List<String> ids, @Nullable String json) implements Housekeeping {

        /** A cancellation without other members. */
        public ToolCallCancellation(List<String> ids) {
            this(ids, null);
        }

        @Override
        public int bytes() {
            return 32 + length(json);
        }
    }

    /** All content of the turn has been sent; playback may continue. */
    record GenerationComplete() implements TurnEvent {}

    /**
     * The turn is over for the service; the next generation needs new input.
     *
     * @param reason {@code turnCompleteReason}, as it came, {@code null} when absent
     * @param usage the {@code usageMetadata} of the same frame, which is also passed on as {@link Usage}; {@code null}
     *     when the frame had none
     */
    record TurnComplete(@Nullable String reason, @Nullable String usage) implements TurnEvent {

        /** The end of a turn in a frame without token counts. */
        public TurnComplete(@Nullable String reason) {
            this(reason, null);
        }

        @Override
        public int bytes() {
            return 32 + length(usage);
        }

        /** A reason of the gateway: the connection was lost during the turn. */
        public static final String CONNECTION_LOST = "CONNECTION_LOST";

        /** A reason of the gateway: the audio is over, and no {@code turnComplete} came. */
        public static final String PLAYED_OUT = "PLAYED_OUT";

        /** A reason of the gateway: the next turn began after an interruption without {@code turnComplete}. */
        public static final String INTERRUPTED = "INTERRUPTED";

        /** Whether the gateway added it in place of the model. */
        public boolean madeUp() {
            return CONNECTION_LOST.equals(reason) || PLAYED_OUT.equals(reason) || INTERRUPTED.equals(reason);
        }
    }

    /**
     * Whether more output follows without new input ({@code interactionStatus}; extended thinking only).
     *
     * @param status {@code IN_PROGRESS}, {@code IDLE} or a value we do not know
     * @param withTurnComplete whether the {@code turnComplete} that follows came in the same frame
     */
    record InteractionStatus(String status, boolean withTurnComplete) implements Housekeeping {}

    /** The model waits for more input. */
    record WaitingForInput() implements Housekeeping {}

    /** The modality of tokens. */
    enum Modality {
        TEXT,
        IMAGE,
        VIDEO,
        AUDIO,
        DOCUMENT,
        /** Thinking, which is not part of the answer. */
        THOUGHT,
        /** An unknown modality, or none given. */
        OTHER
    }

    /**
     * Token counts of a turn.
     *
     * @param promptTokens everything in the context for this turn
     * @param responseTokens output; {@code responseTokenCount} or {@code candidatesTokenCount}
     * @param totalTokens the service's own total
     * @param input the prompt by modality; the parts need not add up to the total (section 5.7)
     * @param output the output by modality, including thoughts
     * @param json the whole object as it came
     */
    record Usage(
            int promptTokens,
            int responseTokens,
            int totalTokens,
            Map<Modality, Integer> input,
            Map<Modality, Integer> output,
            String json)
            implements Housekeeping {

        public Usage {
            input = Map.copyOf(input);
            output = Map.copyOf(output);
        }

        /** Counts without modalities. */
        public Usage(int promptTokens, int responseTokens, int totalTokens, String json) {
            this(
                    promptTokens,
                    responseTokens,
                    totalTokens,
                    Map.of(Modality.OTHER, promptTokens),
                    Map.of(Modality.OTHER, responseTokens),
                    json);
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * An update of the resumption state.
     *
     * @param handle the newest handle, {@code null} when none came
     * @param resumable whether the session can be resumed from this moment
     * @param json the whole object as it came
     */
    record ResumptionUpdate(@Nullable String handle, boolean resumable, String json) implements Housekeeping {}

    /**
     * The service will close the connection soon.
     *
     * @param timeLeft until then; zero when the service did not say
     */
    record GoAway(Duration timeLeft) implements Housekeeping {}

    /**
     * An event of the service's voice detection: {@code voiceActivity} or {@code voiceActivityDetectionSignal}.
     *
     * @param field which of the two keys
     * @param type {@code ACTIVITY_START}, {@code ACTIVITY_END}, {@code VAD_SIGNAL_TYPE_SOS}, ... as it came
     * @param json the whole object as it came
     */
    record VoiceActivity(String field, String type, String json) implements Housekeeping {}

    /**
     * A member that this version does not know; kept for pass-through dialects.
     *
     * @param path its place: {@code serverContent}, {@code serverContent.modelTurn}, {@code goAway}, or empty for the
     *     top level. Unknown members of list elements stay with their element
     * @param name its key
     * @param json its value
     */
    record Unknown(String path, String name, String json) implements Housekeeping {
        @Override
        public int bytes() {
            return json.length();
        }
    }

    private static int length(@Nullable String json) {
        return json == null ? 0 : json.length();
    }
}
