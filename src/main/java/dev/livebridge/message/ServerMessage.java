package dev.livebridge.message;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing the model says, in Gemini Live's own terms (gemini-live-api.md section 5).
 *
 * <p>One upstream frame can carry several of them; the upstream edge takes the frame apart and hands them over in the
 * order of section 15 item 7. Members named {@code json} hold one JSON value as it came.
 */
public sealed interface ServerMessage extends DownstreamMessage {

    /** Content of a turn: its number is that of the turn it belongs to. */
    sealed interface TurnContent extends ServerMessage {}

    /** Content that the model generates. The first of it opens the model's turn. */
    sealed interface ModelOutput extends TurnContent {}

    /** A moment in the course of a turn. */
    sealed interface TurnEvent extends ServerMessage {}

    /** What concerns the session and not one turn; it opens no turn. */
    sealed interface Housekeeping extends ServerMessage {}

    @Override
    default MessageKind kind() {
        return MessageKind.CONTROL;
    }

    @Override
    default int bytes() {
        return 32;
    }

    /** Whether it belongs to a turn: its content, or an event in its course. */
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

    /** The running turn was cut by new input: whatever of it is not yet heard must go. */
    record Interrupted() implements TurnEvent {}

    /**
     * A piece of the model's voice.
     *
     * @param data PCM, 16-bit signed little-endian, mono
     * @param mimeType {@code audio/pcm;rate=24000}; without rate 24 kHz is meant
     * @param rest the part's other members, a JSON object whose {@code inlineData} has the blob's other members;
     *     {@code null} when there are none
     */
    record Audio(Base64Text data, String mimeType, @Nullable String rest) implements ModelOutput {

        /** Sound in a part that has no other members. */
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

        /** Text in a part that has no other members. */
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
     * A part of the model's turn that is neither text nor sound (executable code, pictures, ...).
     *
     * @param json the whole part
     */
    record OtherPart(String json) implements ModelOutput {
        @Override
        public int bytes() {
            return json.length();
        }
    }

    /** Who is being transcribed, and how the fragments combine. */
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
     * @param finished whether the service said that the utterance is over (it seldom does)
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
     * The model wants functions called.
     *
     * @param calls in the model's order
     * @param json the inside of {@code toolCall}
     * @param inPart whether the calls came as parts of the model's turn, which are told as {@link OtherPart} or
     *     {@link Text} besides, and not as a {@code toolCall}
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
     * The model no longer wants the answers of these calls.
     *
     * @param ids the calls' ids
     * @param json the inside of {@code toolCallCancellation}; {@code null} when the ids are all of it
     */
    record ToolCallCancellation(List<String> ids, @Nullable String json) implements Housekeeping {

        /** A cancellation that consists of its ids. */
        public ToolCallCancellation(List<String> ids) {
            this(ids, null);
        }

        @Override
        public int bytes() {
            return 32 + length(json);
        }
    }

    /** All content of the turn has been sent; playback goes on. */
    record GenerationComplete() implements TurnEvent {}

    /**
     * The turn is over for the service; the next generation needs new input.
     *
     * @param reason {@code turnCompleteReason}, as it came, {@code null} when absent
     * @param usage the {@code usageMetadata} of the same frame, which is told as {@link Usage} besides; {@code null}
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

        /** The gateway's own reason: the turn was cut by the loss of its connection. */
        public static final String CONNECTION_LOST = "CONNECTION_LOST";

        /** The gateway's own reason: the sound is over, and the model forgot to say so. */
        public static final String PLAYED_OUT = "PLAYED_OUT";

        /** The gateway's own reason: the turn was interrupted, and the next one began without its end. */
        public static final String INTERRUPTED = "INTERRUPTED";

        /** Whether the gateway said it in the model's place. */
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

    /** The model waits for the user to go on. */
    record WaitingForInput() implements Housekeeping {}

    /** What tokens stand for. */
    enum Modality {
        TEXT,
        IMAGE,
        VIDEO,
        AUDIO,
        DOCUMENT,
        /** Output that the model kept to itself. */
        THOUGHT,
        /** Nothing we know, or the service did not say. */
        OTHER
    }

    /**
     * Token counts of a turn.
     *
     * @param promptTokens everything in the context for this turn
     * @param responseTokens output; {@code responseTokenCount} or, on Vertex, {@code candidatesTokenCount}
     * @param totalTokens the service's own total
     * @param input what the prompt was made of; the parts need not add up to the total (section 5.7)
     * @param output what the output was made of, thoughts included
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

        /** Counts whose parts are not known. */
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
     * News about resumption.
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
     * What the service's voice detection heard: {@code voiceActivity} or {@code voiceActivityDetectionSignal}.
     *
     * @param field which of the two keys
     * @param type {@code ACTIVITY_START}, {@code ACTIVITY_END}, {@code VAD_SIGNAL_TYPE_SOS}, ... as it came
     * @param json the whole object as it came
     */
    record VoiceActivity(String field, String type, String json) implements Housekeeping {}

    /**
     * Something this version does not know; kept so that a pass-through dialect loses nothing.
     *
     * @param path where it stood: {@code serverContent}, {@code serverContent.modelTurn}, {@code goAway}, or empty for
     *     the top level. What stood in a list stays with its element instead
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
