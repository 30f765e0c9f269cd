package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.Modality;
import java.util.EnumMap;
import java.util.Map;

/** Reads {@code usageMetadata} in the spelling of the Developer API and of Vertex (gemini-live-api.md section 5.7). */
final class TokenCounts {

    private TokenCounts() {}

    static ServerMessage.Usage read(ObjectNode usage) throws WireException {
        ObjectReader counts = new ObjectReader("usageMetadata", usage);
        int prompt = counts.takeCount("promptTokenCount");
        int response = Math.max(counts.takeCount("responseTokenCount"), counts.takeCount("candidatesTokenCount"));
        Map<Modality, Integer> input = new EnumMap<>(Modality.class);
        add(counts.takeList("promptTokensDetails"), input);
        if (input.isEmpty()) {
            input.put(Modality.OTHER, prompt);
        }
        add(counts.takeList("toolUsePromptTokensDetails"), input);
        Map<Modality, Integer> output = new EnumMap<>(Modality.class);
        add(counts.takeList("responseTokensDetails"), output);
        add(counts.takeList("candidatesTokensDetails"), output);
        if (output.isEmpty()) {
            output.put(Modality.OTHER, response);
        }
        int thoughts = counts.takeCount("thoughtsTokenCount");
        if (thoughts > 0) {
            output.put(Modality.THOUGHT, thoughts);
        }
        return new ServerMessage.Usage(
                prompt, response, counts.takeCount("totalTokenCount"), input, output, StrictJson.write(usage));
    }

    private static void add(Iterable<JsonNode> details, Map<Modality, Integer> sums) throws WireException {
        for (JsonNode detail : details) {
            if (!(detail instanceof ObjectNode object)) {
                throw new WireException("the details of usageMetadata must be objects");
            }
            ObjectReader part = new ObjectReader("usageMetadata", object);
            String modality = part.takeText("modality");
            sums.merge(modality(modality == null ? "" : modality), part.takeCount("tokenCount"), TokenCounts::sum);
        }
    }

    private static int sum(int left, int right) {
        return Math.clamp((long) left + right, 0, Integer.MAX_VALUE);
    }

    private static Modality modality(String name) {
        return switch (name) {
            case "TEXT" -> Modality.TEXT;
            case "IMAGE" -> Modality.IMAGE;
            case "VIDEO" -> Modality.VIDEO;
            case "AUDIO" -> Modality.AUDIO;
            case "DOCUMENT" -> Modality.DOCUMENT;
            default -> Modality.OTHER;
        };
    }
}
