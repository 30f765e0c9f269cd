package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Samples;
import dev.livebridge.gemini.wire.TextRoute;
import dev.livebridge.gemini.wire.WireEncoder;
import dev.livebridge.message.ClientMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All frames of the official SDKs and the recordings reach the model with the same meaning, in canonical spelling. */
class SampleClientFramesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> FREE_FORM = Set.of("args", "response", "parameters", "parametersJsonSchema");

    static Stream<Samples.Frame> clientFrames() {
        return Samples.frames().stream().filter(frame -> !frame.fromServer());
    }

    @ParameterizedTest
    @MethodSource("clientFrames")
    void goesUpWithTheSameMeaning(Samples.Frame frame) throws Exception {
        WireEncoder encoder = new WireEncoder(TextRoute.CLIENT_CONTENT);
        List<JsonNode> sent = new ArrayList<>();

        for (ClientMessage message : new TutorialDialect().decode(frame.text())) {
            sent.add(MAPPER.readTree(encoder.encode(message)));
        }

        assertEquals(expected(frame.text()), sent);
    }

    static Stream<String> lockedSetups() {
        return Samples.lines("captured-rest-auth-tokens-and-models.jsonl").stream()
                .map(line -> line.path("body").asText())
                .filter(body -> body.contains("bidiGenerateContentSetup"));
    }

    @ParameterizedTest
    @MethodSource
    void lockedSetups(String body) throws Exception {
        JsonNode setup = MAPPER.readTree(body).get("bidiGenerateContentSetup");

        List<ClientMessage> messages = new TutorialDialect()
                .decodeFirst(MAPPER.createObjectNode().set("setup", setup).toString());

        assertEquals(camelCase(setup), MAPPER.readTree(((ClientMessage.Setup) messages.getFirst()).json()));
    }

    @Test
    void thereAreFramesToRead() {
        assertEquals(328, clientFrames().count());
        assertEquals(6, lockedSetups().count());
    }

    /** One upstream frame per medium; a test-side translation that shares nothing with the code under test. */
    private static List<JsonNode> expected(String text) throws JsonProcessingException {
        JsonNode frame = camelCase(MAPPER.readTree(text));
        JsonNode chunks = frame.path("realtimeInput").path("mediaChunks");
        List<JsonNode> expected = new ArrayList<>();
        if (chunks.isMissingNode()) {
            ObjectNode audio = frame.path("realtimeInput").path("audio") instanceof ObjectNode blob ? blob : null;
            if (audio != null) {
                audio.put("mimeType", withRate(audio.path("mimeType").asText()));
            }
            expected.add(frame);
        }
        for (JsonNode chunk : chunks) {
            String mimeType = chunk.get("mimeType").asText();
            ObjectNode upstream = MAPPER.createObjectNode();
            upstream.putObject("realtimeInput")
                    .putObject(mimeType.startsWith("audio/") ? "audio" : "video")
                    .put("mimeType", withRate(mimeType))
                    .put("data", chunk.get("data").asText());
            expected.add(upstream);
        }
        return expected;
    }

    private static String withRate(String mimeType) {
        return mimeType.equals("audio/pcm") ? "audio/pcm;rate=16000" : mimeType;
    }

    private static JsonNode camelCase(JsonNode node) {
        if (node.isArray()) {
            ArrayNode list = MAPPER.createArrayNode();
            node.forEach(item -> list.add(camelCase(item)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = camelCase(member.getKey());
            JsonNode value = member.getValue();
            if (FREE_FORM.contains(key)) {
                object.set(key, value);
            } else if (key.equals("data")) {
                object.put(key, value.asText().replace('-', '+').replace('_', '/'));
            } else {
                object.set(key, camelCase(value));
            }
        }
        return object;
    }

    private static String camelCase(String key) {
        String[] words = key.split("_");
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
