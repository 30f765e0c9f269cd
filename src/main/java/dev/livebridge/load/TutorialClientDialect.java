package dev.livebridge.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The wire of pages written for the multimodal tutorial's server. It has no way to take a conversation over. */
final class TutorialClientDialect implements ClientDialect {

    private static final String SOUND_BEGINS = "{\"audio\":\"";
    private static final String SOUND_ENDS = "\"}";

    @Override
    public String path() {
        return "/";
    }

    @Override
    public boolean sendsReady() {
        return false;
    }

    @Override
    public Frame setup(String instruction) {
        ObjectNode frame = Json.object();
        ObjectNode setup = frame.putObject("setup");
        setup.putObject("generation_config").putArray("response_modalities").add("AUDIO");
        if (!instruction.isEmpty()) {
            setup.putObject("system_instruction").putArray("parts").addObject().put("text", instruction);
        }
        return new Frame.Text(frame.toString());
    }

    @Override
    public Frame sound(byte[] pcm) {
        return new Frame.Text("{\"realtime_input\":{\"media_chunks\":[{\"mime_type\":\"audio/pcm\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm) + "\"}]}}");
    }

    /** Most messages are sound and look the same; they are taken without a tree. */
    @Override
    public List<ServiceMessage> decode(String text) {
        if (text.startsWith(SOUND_BEGINS) && text.endsWith(SOUND_ENDS)) {
            return List.of(
                    ServiceMessage.sound(text.substring(SOUND_BEGINS.length(), text.length() - SOUND_ENDS.length())));
        }
        JsonNode message = Json.read(text);
        if (message == null || !message.isObject()) {
            return List.of(new ServiceMessage.Problem("not_understood", false));
        }
        List<ServiceMessage> messages = new ArrayList<>();
        if (message.has("audio")) {
            messages.add(ServiceMessage.sound(message.path("audio").asText()));
        }
        if (message.path("interrupted").asBoolean()) {
            messages.add(new ServiceMessage.Interrupted());
        }
        if (message.path("turn_complete").asBoolean()) {
            messages.add(new ServiceMessage.TurnComplete());
        }
        if (message.has("error")) {
            // Whether it is fatal only the close that follows tells.
            messages.add(new ServiceMessage.Problem(
                    message.path("error").path("code").asText(), false));
        }
        return messages;
    }
}
