package dev.livebridge.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Gemini Live's own wire, as its SDKs use it (gemini-live-api.md sections 4 and 5). Resumption by handle belongs to the
 * SDK and is not tested here.
 */
final class GeminiClientDialect implements ClientDialect {

    @Override
    public String path() {
        return "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent";
    }

    @Override
    public boolean sendsReady() {
        return true;
    }

    @Override
    public Frame sound(byte[] pcm) {
        return new Frame.Text("{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}}}");
    }

    @Override
    public List<ServiceMessage> decode(String text) {
        JsonNode message = Json.read(text);
        if (message == null || !message.isObject()) {
            return List.of(new ServiceMessage.Problem("not_understood", false));
        }
        List<ServiceMessage> messages = new ArrayList<>();
        if (message.has("setupComplete")) {
            messages.add(new ServiceMessage.Ready(false, false));
        }
        JsonNode content = message.path("serverContent");
        for (JsonNode part : content.path("modelTurn").path("parts")) {
            if (part.path("inlineData").has("data")) {
                messages.add(ServiceMessage.sound(
                        part.path("inlineData").path("data").asText()));
            }
        }
        if (content.path("interrupted").asBoolean()) {
            messages.add(new ServiceMessage.Interrupted());
        }
        if (content.path("turnComplete").asBoolean()) {
            messages.add(new ServiceMessage.TurnComplete());
        }
        return messages;
    }
}
