package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.message.ServerMessage.TranscriptSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** A frame with a random choice of things in it, in a random order, and the messages it must be read to. */
final class BundledFrame {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String AUDIO = "audio/pcm;rate=24000";

    private final Random random;
    private final boolean snakeCase;
    private final Map<String, JsonNode> content = new LinkedHashMap<>();
    private final Map<String, JsonNode> frame = new LinkedHashMap<>();
    private final List<ServerMessage> messages = new ArrayList<>();
    private final ObjectNode root;

    /** The members are chosen in the order of section 15 item 7 and shuffled afterwards. */
    BundledFrame(long seed, boolean snakeCase) {
        random = new Random(seed);
        this.snakeCase = snakeCase;
        voiceActivity();
        beforeTools();
        tools();
        afterTools();
        news();
        if (!content.isEmpty() || random.nextBoolean()) {
            frame.put(key("serverContent"), shuffled(content));
        }
        root = shuffled(frame);
    }

    List<ServerMessage> messages() {
        return messages;
    }

    String compact() {
        return root.toString();
    }

    String pretty() {
        return root.toPrettyString() + "\n";
    }

    private void voiceActivity() {
        if (chosen()) {
            ObjectNode activity = object().put("type", "ACTIVITY_END").put(key("audioOffset"), "0.200s");
            frame.put(key("voiceActivity"), activity);
            messages.add(new ServerMessage.VoiceActivity("voiceActivity", "ACTIVITY_END", activity.toString()));
        }
    }

    private void beforeTools() {
        if (flag("interrupted")) {
            messages.add(new ServerMessage.Interrupted());
        }
        if (chosen()) {
            ObjectNode turn = object();
            if (random.nextBoolean()) {
                turn.put("role", "model");
            }
            ArrayNode parts = turn.putArray("parts");
            for (int i = random.nextInt(5); i > 0; i--) {
                parts.add(part());
            }
            content.put(key("modelTurn"), turn);
        }
        transcription("inputTranscription", TranscriptSource.INPUT);
        transcription("interimInputTranscription", TranscriptSource.INTERIM_INPUT);
        transcription("outputTranscription", TranscriptSource.OUTPUT);
        if (chosen()) {
            ObjectNode grounding = object();
            grounding.putArray(key("webSearchQueries")).add(text());
            content.put(key("groundingMetadata"), grounding);
            messages.add(new ServerMessage.Grounding("groundingMetadata", grounding.toString()));
        }
    }

    private ObjectNode part() {
        ObjectNode part = object();
        switch (random.nextInt(3)) {
            case 0 -> {
                String data = base64(1 + random.nextInt(60));
                ObjectNode blob = part.putObject(key("inlineData"));
                blob.put("data", data).put(key("mimeType"), AUDIO);
                messages.add(new ServerMessage.Audio(new Base64Text(data), AUDIO));
            }
            case 1 -> {
                String text = text();
                boolean thought = random.nextBoolean();
                part.put("text", text);
                if (thought) {
                    part.put("thought", true);
                }
                messages.add(new ServerMessage.Text(text, thought));
            }
            default -> {
                part.putObject(key("executableCode")).put("language", "PYTHON").put("code", text());
                messages.add(new ServerMessage.OtherPart(part.toString()));
            }
        }
        return part;
    }

    private void transcription(String field, TranscriptSource source) {
        if (chosen()) {
            boolean empty = random.nextInt(4) == 0;
            String text = empty ? "" : text();
            boolean finished = !empty && random.nextBoolean();
            ObjectNode transcription = object();
            if (!empty) {
                transcription.put("text", text).put("finished", finished).put(key("languageCode"), "en-US");
            }
            content.put(key(field), transcription);
            messages.add(new ServerMessage.Transcription(source, text, finished, transcription.toString()));
        }
    }

    private void tools() {
        if (chosen()) {
            List<ServerMessage.FunctionCall> calls = new ArrayList<>();
            ObjectNode call = object();
            ArrayNode functions = call.putArray(key("functionCalls"));
            for (int i = random.nextInt(3); i >= 0; i--) {
                String name = text();
                ObjectNode function = functions.addObject().put("name", name);
                String id = random.nextBoolean() ? "call_" + i : null;
                function.putObject("args").put("keepMyCase_asItIs", i);
                if (id != null) {
                    function.put("id", id);
                }
                calls.add(new ServerMessage.FunctionCall(id, name));
            }
            frame.put(key("toolCall"), call);
            messages.add(new ServerMessage.ToolCall(calls, call.toString()));
        }
        if (chosen()) {
            ObjectNode cancellation = object();
            cancellation.putArray("ids").add("a").add("b");
            frame.put(key("toolCallCancellation"), cancellation);
            messages.add(new ServerMessage.ToolCallCancellation(List.of("a", "b")));
        }
    }

    private void afterTools() {
        if (flag("generationComplete")) {
            messages.add(new ServerMessage.GenerationComplete());
        }
        if (flag("waitingForInput")) {
            messages.add(new ServerMessage.WaitingForInput());
        }
        boolean status = chosen();
        boolean turnComplete = flag("turnComplete");
        if (status) {
            content.put(key("interactionStatus"), MAPPER.valueToTree("STATUS_OF_TOMORROW"));
            messages.add(new ServerMessage.InteractionStatus("STATUS_OF_TOMORROW", turnComplete));
        }
        if (turnComplete) {
            boolean explained = random.nextBoolean();
            if (explained) {
                content.put(key("turnCompleteReason"), MAPPER.valueToTree("NEED_MORE_INPUT"));
            }
            messages.add(new ServerMessage.TurnComplete(explained ? "NEED_MORE_INPUT" : null));
        }
        unknown(content, "serverContent");
    }

    private void news() {
        if (chosen()) {
            String responses = random.nextBoolean() ? "responseTokenCount" : "candidatesTokenCount";
            int prompt = 1 + random.nextInt(100_000);
            ObjectNode usage = object().put(key("promptTokenCount"), prompt).put(key(responses), 7);
            usage.put(key("totalTokenCount"), Integer.toString(prompt + 7));
            frame.put(key("usageMetadata"), usage);
            messages.replaceAll(message -> message instanceof ServerMessage.TurnComplete complete
                    ? new ServerMessage.TurnComplete(complete.reason(), usage.toString())
                    : message);
            messages.add(new ServerMessage.Usage(prompt, 7, prompt + 7, usage.toString()));
        }
        if (chosen()) {
            boolean resumable = random.nextBoolean();
            ObjectNode update = object();
            if (resumable) {
                update.put(key("newHandle"), "h").put("resumable", true);
                update.put(key("lastConsumedClientMessageIndex"), "9007199254740993");
            }
            frame.put(key("sessionResumptionUpdate"), update);
            messages.add(new ServerMessage.ResumptionUpdate(resumable ? "h" : null, resumable, update.toString()));
        }
        if (chosen()) {
            frame.put(key("goAway"), object().put(key("timeLeft"), "9.5s"));
            messages.add(new ServerMessage.GoAway(Duration.ofMillis(9_500)));
        }
        unknown(frame, "");
    }

    private void unknown(Map<String, JsonNode> members, String path) {
        if (chosen()) {
            ObjectNode value = object().put("x_y", text());
            members.put("notYetKnown", value);
            messages.add(new ServerMessage.Unknown(path, "notYetKnown", value.toString()));
        }
    }

    /** Adds a flag, or leaves it out, or writes out that it is not set. */
    private boolean flag(String name) {
        boolean set = chosen();
        if (set || random.nextInt(8) == 0) {
            content.put(key(name), MAPPER.valueToTree(set));
        }
        return set;
    }

    private boolean chosen() {
        return random.nextInt(3) == 0;
    }

    private ObjectNode shuffled(Map<String, JsonNode> members) {
        List<String> names = new ArrayList<>(members.keySet());
        Collections.shuffle(names, random);
        ObjectNode node = object();
        names.forEach(name -> node.set(name, members.get(name)));
        return node;
    }

    private String key(String camelCase) {
        return snakeCase ? camelCase.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT) : camelCase;
    }

    private String text() {
        String[] texts = {" leading", "quote \" backslash \\", "line\nbreak", "\u00fc\u4f60\ud83d\ude00", "{\"a\":[]}"};
        return texts[random.nextInt(texts.length)];
    }

    private String base64(int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return Base64Text.encode(data).text();
    }

    private static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
