package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes Gemini Live's server messages (gemini-live-api.md section 5).
 *
 * <p>A frame can hold several messages. They are returned in the order in which they must be handled (section 15 item
 * 7); {@code interactionStatus} and {@code waitingForInput} precede the {@code turnComplete} they explain. Members that
 * this version does not know stay with their list element, or are returned as {@link ServerMessage.Unknown}, so nothing
 * of a frame is lost.
 */
public final class WireDecoder {

    /**
     * Reads one frame.
     *
     * @param text the payload of a text frame, or of a binary frame as UTF-8
     * @return what it says; empty for an empty message, which 3.8 models send often
     * @throws WireException when it isn't a JSON object or a member is of the wrong kind
     */
    public List<ServerMessage> decode(String text) throws WireException {
        return decode(Utf8Slice.of(text));
    }

    /** As {@link #decode(String)}, without a copy of the text if it is a chunk of audio. */
    public List<ServerMessage> decode(Utf8Slice payload) throws WireException {
        ServerMessage.Audio audio = AudioFastPath.read(payload);
        if (audio != null) {
            return List.of(audio);
        }
        JsonNode root;
        try {
            root = StrictJson.read(payload.text());
        } catch (MalformedJsonException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
        if (!(root instanceof ObjectNode object)) {
            throw new WireException("the message must be an object");
        }
        List<ServerMessage> messages = new ArrayList<>();
        ObjectReader frame = new ObjectReader("", object);
        setupComplete(frame, messages);
        voiceActivity(frame, "voiceActivity", "type", messages);
        voiceActivity(frame, "voiceActivityDetectionSignal", "vadSignalType", messages);
        ObjectReader content = frame.takeMembers("serverContent");
        List<ObjectNode> callsInParts = content == null ? List.of() : beforeTools(content, messages);
        toolCall(frame, callsInParts, messages);
        ObjectNode usage = frame.takeObject("usageMetadata");
        ServerMessage.Usage counts = usage == null ? null : TokenCounts.read(usage);
        if (content != null) {
            afterTools(content, counts, messages);
        }
        if (counts != null) {
            messages.add(counts);
        }
        resumptionUpdate(frame, messages);
        goAway(frame, messages);
        frame.addRest(messages);
        return messages;
    }

    private static void setupComplete(ObjectReader frame, List<ServerMessage> messages) throws WireException {
        ObjectNode setupComplete = frame.takeObject("setupComplete");
        if (setupComplete != null) {
            messages.add(new ServerMessage.SetupComplete(StrictJson.write(setupComplete)));
        }
    }

    private static void voiceActivity(ObjectReader frame, String field, String typeField, List<ServerMessage> messages)
            throws WireException {
        ObjectNode activity = frame.takeObject(field);
        if (activity != null) {
            String type = new ObjectReader(field, activity).takeText(typeField);
            messages.add(new ServerMessage.VoiceActivity(field, type == null ? "" : type, StrictJson.write(activity)));
        }
    }

    private static List<ObjectNode> beforeTools(ObjectReader content, List<ServerMessage> messages)
            throws WireException {
        if (content.takeFlag("interrupted")) {
            messages.add(new ServerMessage.Interrupted());
        }
        ObjectReader modelTurn = content.takeMembers("modelTurn");
        List<ObjectNode> calls = modelTurn == null ? List.of() : ModelTurn.read(modelTurn, messages);
        transcription(content, "inputTranscription", TranscriptSource.INPUT, messages);
        transcription(content, "interimInputTranscription", TranscriptSource.INTERIM_INPUT, messages);
        transcription(content, "outputTranscription", TranscriptSource.OUTPUT, messages);
        grounding(content, "groundingMetadata", messages);
        grounding(content, "urlContextMetadata", messages);
        return calls;
    }

    private static void transcription(
            ObjectReader content, String field, TranscriptSource source, List<ServerMessage> messages)
            throws WireException {
        ObjectNode value = content.takeObject(field);
        if (value != null) {
            ObjectReader members = new ObjectReader(field, value);
            String text = members.takeText("text");
            messages.add(new ServerMessage.Transcription(
                    source, text == null ? "" : text, members.takeFlag("finished"), StrictJson.write(value)));
        }
    }

    private static void grounding(ObjectReader content, String field, List<ServerMessage> messages)
            throws WireException {
        ObjectNode value = content.takeObject(field);
        if (value != null) {
            messages.add(new ServerMessage.Grounding(field, StrictJson.write(value)));
        }
    }

    private static void toolCall(ObjectReader frame, List<ObjectNode> callsInParts, List<ServerMessage> messages)
            throws WireException {
        List<JsonNode> called = new ArrayList<>();
        ObjectNode call = frame.takeObject("toolCall");
        if (call != null) {
            new ObjectReader("toolCall", call).takeList("functionCalls").forEach(called::add);
            messages.add(new ServerMessage.ToolCall(calls(called), StrictJson.write(call)));
        }
        List<ObjectNode> more = callsInParts.stream()
                .filter(inPart -> called.stream().noneMatch(known -> same(inPart, known)))
                .toList();
        if (!more.isEmpty()) {
            ObjectNode json = more.getFirst().objectNode();
            json.putArray("functionCalls").addAll(more);
            messages.add(new ServerMessage.ToolCall(calls(more), StrictJson.write(json), true));
        }
        cancellation(frame, messages);
    }

    private static List<ServerMessage.FunctionCall> calls(List<? extends JsonNode> functions) {
        return functions.stream()
                .map(function -> new ServerMessage.FunctionCall(
                        function.path("id").textValue(), function.path("name").asText()))
                .toList();
    }

    /** Whether both are the same call: one id, or where there is none, one name and the same arguments. */
    private static boolean same(JsonNode one, JsonNode other) {
        return one.path("id").equals(other.path("id"))
                && (one.path("id").isTextual()
                        || (one.path("name").equals(other.path("name"))
                                && one.path("args").equals(other.path("args"))));
    }

    private static void cancellation(ObjectReader frame, List<ServerMessage> messages) throws WireException {
        ObjectNode json = frame.takeObject("toolCallCancellation");
        if (json != null) {
            ObjectReader cancellation = new ObjectReader("toolCallCancellation", json);
            List<String> ids = new ArrayList<>();
            for (JsonNode id : cancellation.takeList("ids")) {
                if (!id.isTextual()) {
                    throw new WireException("an id in toolCallCancellation must be a string");
                }
                ids.add(id.textValue());
            }
            boolean more = cancellation.rest() != null;
            messages.add(
                    new ServerMessage.ToolCallCancellation(List.copyOf(ids), more ? StrictJson.write(json) : null));
        }
    }

    private static void afterTools(
            ObjectReader content, ServerMessage.@Nullable Usage counts, List<ServerMessage> messages)
            throws WireException {
        if (content.takeFlag("generationComplete")) {
            messages.add(new ServerMessage.GenerationComplete());
        }
        if (content.takeFlag("waitingForInput")) {
            messages.add(new ServerMessage.WaitingForInput());
        }
        String status = content.takeText("interactionStatus");
        boolean turnComplete = content.takeFlag("turnComplete");
        if (status != null) {
            messages.add(new ServerMessage.InteractionStatus(status, turnComplete));
        }
        if (turnComplete) {
            String reason = content.takeText("turnCompleteReason");
            messages.add(new ServerMessage.TurnComplete(reason, counts == null ? null : counts.json()));
        }
        content.addRest(messages);
    }

    private static void resumptionUpdate(ObjectReader frame, List<ServerMessage> messages) throws WireException {
        ObjectNode update = frame.takeObject("sessionResumptionUpdate");
        if (update != null) {
            ObjectReader members = new ObjectReader("sessionResumptionUpdate", update);
            String handle = members.takeText("newHandle");
            messages.add(new ServerMessage.ResumptionUpdate(
                    handle == null || handle.isEmpty() ? null : handle,
                    members.takeFlag("resumable"),
                    StrictJson.write(update)));
        }
    }

    private static void goAway(ObjectReader frame, List<ServerMessage> messages) throws WireException {
        ObjectReader goAway = frame.takeMembers("goAway");
        if (goAway != null) {
            messages.add(new ServerMessage.GoAway(timeLeft(goAway.takeText("timeLeft"))));
            goAway.addRest(messages);
        }
    }

    private static Duration timeLeft(@Nullable String text) throws WireException {
        if (text == null) {
            return Duration.ZERO;
        }
        Duration duration = ProtoDuration.parse(text);
        if (duration == null) {
            throw new WireException("goAway.timeLeft is not a duration");
        }
        return duration;
    }
}
