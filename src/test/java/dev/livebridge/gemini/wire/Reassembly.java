package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.message.ServerMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts decoded messages together again into the frame they came from, to show that nothing was lost. It shares no code
 * with the decoder.
 */
final class Reassembly {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode frame = MAPPER.createObjectNode();

    private Reassembly() {}

    static JsonNode of(List<ServerMessage> messages) {
        Reassembly reassembly = new Reassembly();
        messages.forEach(reassembly::add);
        return reassembly.frame;
    }

    /**
     * A frame without what carries no information: members that are {@code null} or false, an empty
     * {@code serverContent}, {@code modelTurn} or list of parts, and the only role a model's turn can have.
     */
    static JsonNode essence(String text) {
        ObjectNode frame = (ObjectNode) json(text);
        if (frame.get("serverContent") instanceof ObjectNode content) {
            content.properties()
                    .removeIf(member -> member.getValue().isNull()
                            || (member.getValue().isBoolean()
                                    && !member.getValue().booleanValue()));
            if (content.get("modelTurn") instanceof ObjectNode turn) {
                if (turn.path("role").asText().equals("model")) {
                    turn.remove("role");
                }
                if (turn.path("parts").isEmpty()) {
                    turn.remove("parts");
                }
                if (turn.isEmpty()) {
                    content.remove("modelTurn");
                }
            }
            if (content.isEmpty()) {
                frame.remove("serverContent");
            }
        }
        return frame;
    }

    private void add(ServerMessage message) {
        switch (message) {
            case ServerMessage.SetupComplete(String json) -> frame.set("setupComplete", json(json));
            case ServerMessage.Interrupted _ -> content().put("interrupted", true);
            case ServerMessage.Audio audio ->
                part(audio.rest())
                        .withObjectProperty("inlineData")
                        .put("mimeType", audio.mimeType())
                        .put("data", audio.data().text());
            case ServerMessage.Text(String text, boolean thought, String rest) -> {
                ObjectNode part = part(rest).put("text", text);
                if (thought) {
                    part.put("thought", true);
                }
            }
            case ServerMessage.OtherPart(String json) -> parts().add(json(json));
            case ServerMessage.Transcription transcription -> {
                String field = switch (transcription.source()) {
                    case INPUT -> "inputTranscription";
                    case INTERIM_INPUT -> "interimInputTranscription";
                    case OUTPUT -> "outputTranscription";
                };
                content().set(field, json(transcription.json()));
            }
            case ServerMessage.Grounding(String field, String json) -> content().set(field, json(json));
            case ServerMessage.ToolCall call -> {
                if (!call.inPart()) {
                    frame.set("toolCall", json(call.json()));
                }
            }
            case ServerMessage.ToolCallCancellation(List<String> ids, String json) -> {
                if (json != null) {
                    frame.set("toolCallCancellation", json(json));
                } else {
                    ArrayNode list = frame.putObject("toolCallCancellation").putArray("ids");
                    ids.forEach(list::add);
                }
            }
            case ServerMessage.GenerationComplete _ -> content().put("generationComplete", true);
            case ServerMessage.WaitingForInput _ -> content().put("waitingForInput", true);
            case ServerMessage.InteractionStatus interaction ->
                content().put("interactionStatus", interaction.status());
            case ServerMessage.TurnComplete complete -> {
                content().put("turnComplete", true);
                if (complete.reason() != null) {
                    content().put("turnCompleteReason", complete.reason());
                }
            }
            case ServerMessage.Usage usage -> frame.set("usageMetadata", json(usage.json()));
            case ServerMessage.ResumptionUpdate update -> frame.set("sessionResumptionUpdate", json(update.json()));
            case ServerMessage.GoAway(Duration timeLeft) ->
                frame.putObject("goAway").put("timeLeft", timeLeft.toSeconds() + "s");
            case ServerMessage.VoiceActivity activity -> frame.set(activity.field(), json(activity.json()));
            case ServerMessage.Unknown unknown -> at(unknown.path()).set(unknown.name(), json(unknown.json()));
        }
    }

    private ObjectNode at(String path) {
        ObjectNode node = frame;
        for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
            node = node.withObjectProperty(step);
        }
        return node;
    }

    private ObjectNode content() {
        return frame.withObjectProperty("serverContent");
    }

    private ObjectNode part(@Nullable String rest) {
        ObjectNode part = rest == null ? MAPPER.createObjectNode() : (ObjectNode) json(rest);
        parts().add(part);
        return part;
    }

    private ArrayNode parts() {
        return content().withObjectProperty("modelTurn").withArrayProperty("parts");
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON", e);
        }
    }
}
