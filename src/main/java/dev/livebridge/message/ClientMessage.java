package dev.livebridge.message;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message from the client, in Gemini Live's terms (gemini-live-api.md section 4).
 *
 * <p>Members named {@code json} hold one JSON object in the canonical spelling: camelCase keys, lists where lists
 * belong, standard base64. They are parsed once, by the dialect, and not again before the upstream edge.
 */
public sealed interface ClientMessage {

    /** The kind for queues and meters. */
    MessageKind kind();

    /** Weight in a queue, in bytes of payload (not of the frame). */
    int bytes();

    /**
     * The first message of a session that begins.
     *
     * @param json the inside of {@code setup}, possibly {@code {}}; canonical, but not yet fitted to a model
     * @param resumption the earlier conversation to resume, {@code null} for a new one
     * @param agent that the conversation has, {@code null} without one
     * @param variables that the client gives for an agent, a JSON object; {@code null} without any
     */
    record Setup(
            String json,
            @Nullable Resumption resumption,
            @Nullable AgentSetup agent,
            @Nullable String variables) implements ClientMessage {

        /** The setup of a new conversation. */
        public Setup(String json) {
            this(json, null, null, null);
        }

        /** A setup whose variables, if any, are in the agent. */
        public Setup(String json, @Nullable Resumption resumption, @Nullable AgentSetup agent) {
            this(json, resumption, agent, null);
        }

        /** A setup without an agent. */
        public Setup(String json, @Nullable Resumption resumption) {
            this(json, resumption, null, null);
        }

        /** The same with another JSON. */
        public Setup with(String otherJson) {
            return new Setup(otherJson, resumption, agent, variables);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * An earlier conversation, from a handle that this service sealed.
     *
     * @param handle the model's own resumption handle
     * @param model the model that answers, without prefix; it must not change (gemini-live-api.md section 9)
     * @param agent of the earlier conversation, {@code null} without one; it must not change
     * @param token id of the ephemeral token that the earlier conversation belongs to, {@code null} without one
     */
    record Resumption(
            String handle,
            String model,
            @Nullable AgentSetup agent,
            @Nullable String token) {

        /** A conversation without an agent and without an ephemeral token. */
        public Resumption(String handle, String model) {
            this(handle, model, null, null);
        }

        /** Tells nothing of the handle. */
        @Override
        public String toString() {
            return "Resumption[" + model + "]";
        }
    }

    /**
     * The first message of a client that resumes an earlier conversation, in place of a setup.
     *
     * @param token as the client sent it, not validated
     */
    record Resume(String token) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return token.length();
        }

        /** Tells nothing of the token. */
        @Override
        public String toString() {
            return "Resume[" + token.length() + " characters]";
        }
    }

    /**
     * A newer credential of the same caller. Nothing of it goes upstream.
     *
     * @param token as the client sent it; not validated
     */
    record Auth(String token) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return token.length();
        }

        /** Tells nothing of the credential. */
        @Override
        public String toString() {
            return "Auth[" + token.length() + " characters]";
        }
    }

    /**
     * A chunk of microphone audio: {@code realtimeInput.audio}.
     *
     * @param data PCM, 16-bit signed little-endian, mono; an even number of bytes
     * @param mimeType {@code audio/pcm} or {@code audio/pcm;rate=N}; 16 kHz when no rate is given
     */
    record Audio(Base64Text data, String mimeType) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.AUDIO;
        }

        @Override
        public int bytes() {
            return data.text().length();
        }
    }

    /**
     * One still picture: {@code realtimeInput.video}.
     *
     * @param data the encoded image
     * @param mimeType {@code image/jpeg}, {@code image/png} or {@code image/webp}
     */
    record Video(Base64Text data, String mimeType) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.VIDEO;
        }

        @Override
        public int bytes() {
            return data.text().length();
        }
    }

    /**
     * Text into the running stream: {@code realtimeInput.text}.
     *
     * @param text as typed
     */
    record RealtimeText(String text) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.TEXT;
        }

        @Override
        public int bytes() {
            return text.length();
        }
    }

    /**
     * A complete typed turn that requests an answer. Its upstream form depends on the model (section 12.2).
     *
     * @param text as typed
     */
    record UserTurn(String text) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.TEXT;
        }

        @Override
        public int bytes() {
            return text.length();
        }
    }

    /**
     * The agent's prompt for the first answer, before the client says anything: a typed turn of the operator, which no
     * client and no transcript gets.
     *
     * @param text the prompt
     */
    record GreetingPrompt(String text) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.TEXT;
        }

        @Override
        public int bytes() {
            return text.length();
        }

        /** Omits the prompt. */
        @Override
        public String toString() {
            return "GreetingPrompt[" + text.length() + " characters]";
        }
    }

    /**
     * The result of a function call whose connection is gone, sent to the model as a typed turn: the new connection has
     * no such call, but the function has run.
     *
     * @param function the function's name; empty when the model gave none
     * @param json the element of {@code functionResponses}
     */
    record LateResult(String function, String json) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /** A signal without content. */
    enum Signal implements ClientMessage {
        /** {@code realtimeInput.activityStart}: the user begins to speak (manual turn taking only). */
        ACTIVITY_START,
        /** {@code realtimeInput.activityEnd}: the user has spoken (manual turn taking only). */
        ACTIVITY_END,
        /** {@code realtimeInput.audioStreamEnd}: the microphone was closed or muted (automatic turn taking only). */
        AUDIO_STREAM_END;

        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return 16;
        }
    }

    /**
     * Turns for the history: {@code clientContent}.
     *
     * @param json the inside of {@code clientContent}
     * @param said the text in it, oldest first; empty when it is in the transcript already
     * @param instructs whether a turn has the role {@code system}, which replaces the instruction on some backends
     */
    record ClientContent(String json, List<TranscriptEntry> said, boolean instructs) implements ClientMessage {

        /** Turns of user and model. */
        public ClientContent(String json, List<TranscriptEntry> said) {
            this(json, said, false);
        }

        public ClientContent {
            said = List.copyOf(said);
        }

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
     * The result of one function call.
     *
     * @param id of the call it answers, {@code null} when the client gave none
     * @param json the element of {@code functionResponses}
     */
    record FunctionResult(@Nullable String id, String json) {}

    /**
     * Results of function calls: {@code toolResponse}.
     *
     * @param results in the client's order; may be empty
     */
    record ToolResponse(List<FunctionResult> results) implements ClientMessage {
        public ToolResponse {
            results = List.copyOf(results);
        }

        /** The ids of the calls it answers, in order; a result without id is left out. */
        public List<String> ids() {
            return results.stream()
                    .map(FunctionResult::id)
                    .filter(Objects::nonNull)
                    .toList();
        }

        /** The inside of {@code toolResponse}. */
        public String json() {
            return results.stream()
                    .map(FunctionResult::json)
                    .collect(Collectors.joining(",", "{\"functionResponses\":[", "]}"));
        }

        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return results.stream().mapToInt(result -> result.json().length()).sum();
        }
    }

    /**
     * Replaces parts of the setup from here on: {@code contextUpdate} (gemini-live-api.md section 20 row 2). Processed
     * in order with the input.
     *
     * @param json the inside of {@code contextUpdate}: {@code systemInstruction} and {@code tools}, each optional
     */
    record ContextUpdate(String json) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return json.length();
        }
    }

    /**
     * Members of the client's messages that the dialect did not pass on; the client gets one notice.
     *
     * @param names their paths, at most a few
     */
    record LeftOut(List<String> names) implements ClientMessage {
        public LeftOut {
            names = List.copyOf(names);
        }

        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return 16;
        }
    }

    /**
     * A member that this version does not know, for Gemini as it is; only where the operator allows them
     * ({@code livebridge.policy.unknown-members}).
     *
     * @param path where it stands: empty for a member of the frame, else {@code realtimeInput} or {@code toolResponse}
     * @param name as the client spells it
     * @param json its value
     */
    record Unknown(String path, String name, String json) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return name.length() + json.length();
        }
    }

    /**
     * A ping of the client, to measure the round trip; the session answers with {@link GatewayMessage.Pong} and nothing
     * goes upstream.
     *
     * @param clientTime the client's clock, milliseconds, returned unchanged
     * @param receivedNanos {@link System#nanoTime()} at its arrival
     */
    record Ping(double clientTime, long receivedNanos) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return 16;
        }
    }

    /**
     * The client's measurements of a turn. Values are clamped, and nothing goes upstream.
     *
     * @param turn the turn's number, as the gateway counts
     * @param firstSoundMs from the end of the user's input to the first audio played, milliseconds
     * @param interruptSilenceMs from the order to be silent to silence, milliseconds; {@code null} without one
     * @param underruns buffer underruns since the last report; {@code null} when not reported
     */
    record Beacon(
            int turn,
            double firstSoundMs,
            @Nullable Double interruptSilenceMs,
            @Nullable Integer underruns) implements ClientMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONTROL;
        }

        @Override
        public int bytes() {
            return 32;
        }
    }
}
