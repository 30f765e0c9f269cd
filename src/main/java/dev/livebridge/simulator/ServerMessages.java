package dev.livebridge.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;

/** The service's messages (gemini-live-api.md section 5). Defaults are left out, as protobuf does. */
final class ServerMessages {

    private ServerMessages() {}

    static ObjectNode setupComplete() {
        ObjectNode message = Wire.object();
        message.putObject("setupComplete");
        return message;
    }

    /** Adds a spoken chunk, 24 kHz. */
    static void addAudio(ObjectNode message, byte[] pcm) {
        ObjectNode blob = message.withObject("serverContent")
                .withObject("modelTurn")
                .withArray("parts")
                .addObject()
                .putObject("inlineData");
        blob.put("mimeType", "audio/pcm;rate=24000");
        blob.put("data", Base64.getEncoder().encodeToString(pcm));
    }

    /** A part with a summary of thoughts, as models send them to those who ask for them (section 5.2). */
    static ObjectNode thought(String summary) {
        ObjectNode message = Wire.object();
        message.withObject("serverContent")
                .withObject("modelTurn")
                .withArray("parts")
                .addObject()
                .put("text", summary)
                .put("thought", true);
        return message;
    }

    /** Adds {@code inputTranscription} or {@code outputTranscription}. */
    static void addTranscription(ObjectNode message, String field, String text) {
        message.withObject("serverContent").withObject(field).put("text", text);
    }

    /** Adds one of the flags of {@code serverContent}. */
    static void addFlag(ObjectNode message, String flag) {
        message.withObject("serverContent").put(flag, true);
    }

    static ObjectNode flag(String flag) {
        ObjectNode message = Wire.object();
        addFlag(message, flag);
        return message;
    }

    static ObjectNode inputTranscription(String text) {
        ObjectNode message = Wire.object();
        addTranscription(message, "inputTranscription", text);
        return message;
    }

    /** @param type {@code ACTIVITY_START} or {@code ACTIVITY_END} */
    static ObjectNode voiceActivity(String type, long offsetMs) {
        ObjectNode message = Wire.object();
        message.putObject("serverContent");
        message.putObject("voiceActivity").put("type", type).put("audioOffset", duration(offsetMs));
        return message;
    }

    static ObjectNode toolCall(Collection<FunctionCalls.Call> calls) {
        ObjectNode message = Wire.object();
        for (FunctionCalls.Call call : calls) {
            ObjectNode entry = message.withObject("toolCall")
                    .withArray("functionCalls")
                    .addObject()
                    .put("id", call.id())
                    .put("name", call.function().name());
            if (!call.arguments().isEmpty()) {
                entry.set("args", call.arguments());
            }
        }
        return message;
    }

    static ObjectNode toolCallCancellation(Collection<String> ids) {
        ObjectNode message = Wire.object();
        ids.forEach(id ->
                message.withObject("toolCallCancellation").withArray("ids").add(id));
        return message;
    }

    static ObjectNode resumable(String handle) {
        ObjectNode message = Wire.object();
        message.putObject("sessionResumptionUpdate").put("newHandle", handle).put("resumable", true);
        return message;
    }

    static ObjectNode notResumable() {
        ObjectNode message = Wire.object();
        message.putObject("sessionResumptionUpdate");
        return message;
    }

    static ObjectNode goAway(long timeLeftMs) {
        ObjectNode message = Wire.object();
        message.putObject("goAway").put("timeLeft", duration(timeLeftMs));
        return message;
    }

    static void addUsage(ObjectNode message, JsonNode usage) {
        message.set("usageMetadata", usage);
    }

    /** Zero or three fraction digits, as protobuf prints milliseconds. */
    private static String duration(long ms) {
        return ms % 1000 == 0 ? ms / 1000 + "s" : String.format(Locale.ROOT, "%d.%03ds", ms / 1000, ms % 1000);
    }
}
