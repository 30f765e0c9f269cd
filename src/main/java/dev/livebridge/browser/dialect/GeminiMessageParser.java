package dev.livebridge.browser.dialect;

import static dev.livebridge.browser.dialect.JsonNormalizer.badShape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.TranscriptEntry;
import dev.livebridge.message.TranscriptEntry.Role;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses client messages of the Gemini Live API leniently: camelCase and snake_case, a single value in place of a list,
 * either base64 alphabet (gemini-live-api.md sections 3, 4 and 13). All dialects use it.
 *
 * <p>JSON members have no order. The members of one frame become messages in this order: setup, unknown members,
 * context, history, tool results, realtime input, typed text.
 */
final class GeminiMessageParser {

    /** Chunks in one message. A client that was stalled sends more messages, not longer lists. */
    static final int MAX_CHUNKS = 64;

    private GeminiMessageParser() {}

    /**
     * The text of a binary frame that holds JSON.
     *
     * @throws BadInputException when it isn't UTF-8
     */
    static String text(byte[] frame) throws BadInputException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(frame))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException("bad_json", "the binary frame is not UTF-8", List.of());
        }
    }

    /**
     * Reads a whole frame.
     *
     * @throws BadInputException when it isn't a JSON object
     */
    static ObjectNode parse(String text) throws BadInputException {
        JsonNode root;
        try {
            root = StrictJson.readLimited(text);
        } catch (MalformedJsonException e) {
            throw new BadInputException("bad_json", String.valueOf(e.getMessage()), List.of());
        }
        return JsonNormalizer.of(root, GeminiSchema.FRAME, "");
    }

    /** Whether a frame is not empty and has no member that is passed on. */
    static boolean hasNothingToPassOn(ObjectNode frame, MemberRules rules) {
        return !rules.unknownMembers() && !frame.isEmpty() && noneKnown(frame, GeminiSchema.FRAME);
    }

    /**
     * Reads everything in a frame except its {@code setup}.
     *
     * @param frame result of {@link #parse}
     * @param others names of members that the dialect reads itself
     */
    static void readConversation(ObjectNode frame, PartialResult result, String... others) {
        for (Map.Entry<String, JsonNode> member : frame.properties()) {
            if (!GeminiSchema.FRAME.bySpelling().containsKey(member.getKey())
                    && !List.of(others).contains(member.getKey())) {
                result.readUnknown("", member.getKey(), member.getValue());
            }
        }
        readObject(
                frame,
                "contextUpdate",
                GeminiSchema.CONTEXT_UPDATE,
                update -> new ClientMessage.ContextUpdate(StrictJson.write(update)),
                result);
        readObject(frame, "clientContent", GeminiSchema.CLIENT_CONTENT, content -> content(content, result), result);
        readObject(
                frame, "toolResponse", GeminiSchema.TOOL_RESPONSE, response -> toolResponse(response, result), result);
        JsonNode realtimeInput = frame.get("realtimeInput");
        if (realtimeInput != null) {
            result.attempt(() -> readRealtimeInput(realtimeInput, result));
        }
        readText(frame, "text", "text", ClientMessage.UserTurn::new, result);
    }

    /** Converts an object in canonical spelling to a message. */
    @FunctionalInterface
    interface ObjectReader {
        ClientMessage read(ObjectNode object) throws BadInputException;
    }

    /** Reads a frame's {@code setup}, if any. The setup policy judges unknown members later. */
    static void readSetup(ObjectNode frame, PartialResult result) {
        readSetup(frame, setup -> new ClientMessage.Setup(StrictJson.write(setup)), result);
    }

    /** Reads a frame's {@code setup}, if any, by the dialect's own conversion. */
    static void readSetup(ObjectNode frame, ObjectReader message, PartialResult result) {
        JsonNode value = frame.get("setup");
        if (value != null) {
            result.attempt(() -> result.add(message.read(JsonNormalizer.of(value, GeminiSchema.SETUP, "setup"))));
        }
    }

    private static void readObject(
            ObjectNode frame, String name, SchemaNode.Message shape, ObjectReader message, PartialResult result) {
        JsonNode value = frame.get(name);
        if (value != null) {
            result.attempt(() -> result.add(message.read(JsonNormalizer.of(value, shape, name, result))));
        }
    }

    private static ClientMessage content(ObjectNode content, PartialResult result) throws BadInputException {
        boolean instructs = false;
        for (JsonNode turn : content.path("turns")) {
            boolean system = turn.path("role").asText().equalsIgnoreCase("system");
            instructs |= system;
            if (!result.rules().systemTurns() && system) {
                throw PartialResult.notAllowed(
                        "A turn with the role system is not allowed here (livebridge.policy.system-instruction)");
            }
        }
        return new ClientMessage.ClientContent(StrictJson.write(content), transcript(content), instructs);
    }

    /** The text of user and model, for the transcript; without pictures, functions, thoughts and instructions. */
    private static List<TranscriptEntry> transcript(ObjectNode content) {
        List<TranscriptEntry> entries = new ArrayList<>();
        for (JsonNode turn : content.path("turns")) {
            StringBuilder text = new StringBuilder();
            for (JsonNode part : turn.path("parts")) {
                if (!part.path("thought").booleanValue()) {
                    text.append(part.path("text").asText());
                }
            }
            Role role = role(turn.path("role").asText());
            if (role != null && !text.toString().isBlank()) {
                entries.add(new TranscriptEntry(role, text.toString()));
            }
        }
        return entries;
    }

    private static @Nullable Role role(String label) {
        return switch (label) {
            case "", "user" -> Role.USER;
            case "model" -> Role.MODEL;
            default -> null;
        };
    }

    private static ClientMessage toolResponse(ObjectNode response, PartialResult result) {
        for (Map.Entry<String, JsonNode> member : response.properties()) {
            if (!member.getKey().equals("functionResponses")) {
                result.readUnknown("toolResponse", member.getKey(), member.getValue());
            }
        }
        List<ClientMessage.FunctionResult> results = new ArrayList<>();
        for (JsonNode each : response.path("functionResponses")) {
            results.add(new ClientMessage.FunctionResult(each.path("id").textValue(), StrictJson.write(each)));
        }
        return new ClientMessage.ToolResponse(results);
    }

    private static void readRealtimeInput(JsonNode value, PartialResult result) throws BadInputException {
        ObjectNode input = JsonNormalizer.of(value, GeminiSchema.REALTIME_INPUT, "realtimeInput");
        if (!input.isEmpty()
                && noneKnown(input, GeminiSchema.REALTIME_INPUT)
                && !result.rules().unknownMembers()) {
            throw badShape("realtimeInput holds no known member");
        }
        // Each member becomes a message of its own.
        for (Map.Entry<String, JsonNode> member : input.properties()) {
            if (!GeminiSchema.REALTIME_INPUT.bySpelling().containsKey(member.getKey())) {
                result.readUnknown("realtimeInput", member.getKey(), member.getValue());
            }
        }
        readSignal(input, "activityStart", ClientMessage.Signal.ACTIVITY_START, result);
        JsonNode chunks = input.path("mediaChunks");
        if (chunks.size() > MAX_CHUNKS) {
            result.attempt(() -> {
                throw badShape("realtimeInput.mediaChunks holds " + chunks.size() + " chunks; at most " + MAX_CHUNKS
                        + " are taken from one message");
            });
        } else {
            for (int i = 0; i < chunks.size(); i++) {
                readMedia(chunks.get(i), MediaSlot.MEDIA_CHUNKS, "realtimeInput.mediaChunks[" + i + "]", result);
            }
        }
        if (input.has("audio")) {
            readMedia(input.get("audio"), MediaSlot.AUDIO, "realtimeInput.audio", result);
        }
        if (input.has("video")) {
            readMedia(input.get("video"), MediaSlot.VIDEO, "realtimeInput.video", result);
        }
        readText(input, "text", "realtimeInput.text", ClientMessage.RealtimeText::new, result);
        readSignal(input, "activityEnd", ClientMessage.Signal.ACTIVITY_END, result);
        result.attempt(() -> {
            JsonNode end = input.path("audioStreamEnd");
            if (!end.isMissingNode() && !end.isBoolean()) {
                throw badShape("realtimeInput.audioStreamEnd must be true or false");
            }
            if (end.booleanValue()) {
                result.add(ClientMessage.Signal.AUDIO_STREAM_END);
            }
        });
    }

    private static void readSignal(ObjectNode input, String name, ClientMessage.Signal signal, PartialResult result) {
        result.attempt(() -> {
            JsonNode value = input.path(name);
            if (!value.isMissingNode() && !value.isObject()) {
                throw badShape("realtimeInput." + name + " must be an object");
            }
            if (value.isObject()) {
                result.add(signal);
            }
        });
    }

    private static void readText(
            ObjectNode object,
            String name,
            String path,
            Function<String, ClientMessage> message,
            PartialResult result) {
        result.attempt(() -> {
            JsonNode value = object.path(name);
            if (!value.isMissingNode() && !value.isTextual()) {
                throw badShape(path + " must be a string");
            }
            // In protobuf an empty string means that the member is absent.
            if (value.isTextual() && !value.textValue().isEmpty()) {
                result.add(message.apply(value.textValue()));
            }
        });
    }

    private static void readMedia(JsonNode value, MediaSlot slot, String path, PartialResult result) {
        result.attempt(() -> {
            ObjectNode media = JsonNormalizer.of(value, GeminiSchema.MEDIA, path);
            JsonNode data = media.path("data");
            // The tutorial's page sends an empty picture if there is no camera.
            if (data.isMissingNode() || (data.isTextual() && data.textValue().isEmpty())) {
                return;
            }
            MediaType type = mediaType(media.path("mimeType"), slot, path + ".mimeType");
            Base64Text base64 = new Base64Text(JsonNormalizer.base64(data, path + ".data"));
            if (!type.admits(base64) && !result.takesOddPcm()) {
                throw new BadInputException(
                        "bad_pcm", path + ".data has an odd number of bytes; a sample has two", List.of());
            }
            result.add(type.message(base64));
        });
    }

    private static MediaType mediaType(JsonNode value, MediaSlot slot, String path) throws BadInputException {
        if (!value.isMissingNode() && !value.isTextual()) {
            throw badShape(path + " must be a string");
        }
        MediaType type = value.isTextual() ? MediaType.parse(value.textValue()) : null;
        if (type == null || !slot.takes(type.kind())) {
            throw new BadInputException("bad_mime_type", path + " must be " + accepted(slot), List.of());
        }
        return type;
    }

    private static String accepted(MediaSlot slot) {
        String sound = "audio/pcm or audio/pcm;rate=N";
        String pictures = "image/jpeg, image/png or image/webp";
        return switch (slot) {
            case AUDIO -> sound;
            case VIDEO -> pictures;
            case MEDIA_CHUNKS -> sound + ", " + pictures;
        };
    }

    private static boolean noneKnown(ObjectNode object, SchemaNode.Message shape) {
        return object.properties().stream().map(Map.Entry::getKey).noneMatch(shape.bySpelling()::containsKey);
    }
}
