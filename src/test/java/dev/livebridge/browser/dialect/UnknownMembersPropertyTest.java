package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Trials;
import dev.livebridge.gemini.wire.ToolCalls;
import dev.livebridge.gemini.wire.WireDecoder;
import dev.livebridge.message.ServerMessage;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumptionKeys;
import io.quarkus.runtime.LaunchMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members that this version does not know, at any depth of what the model says: a client of Gemini's own wire receives
 * each where it stood, and every list is still a list.
 *
 * <p>Hidden on purpose are {@code setupComplete}, which the gateway answers itself, and {@code goAway}.
 */
class UnknownMembersPropertyTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String[] FRAMES = {
        """
        {"serverContent":{"modelTurn":{"role":"model","parts":[{"text":"plum"},{"text":"hm","thought":true},
         {"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AAAA"}},
         {"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"executableCode":{"language":"PYTHON","code":"x"}},
         {"functionCall":{"id":"p1","name":"g","args":{"a":[1,{"b":2}]}}}]}}}""", """
        {"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AAAA"}}]}}}""", """
        {"serverContent":{"generationComplete":true,"turnComplete":true,"turnCompleteReason":"NEED_MORE_INPUT",
         "interactionStatus":"IDLE"},"usageMetadata":{"promptTokenCount":3,"totalTokenCount":5,
         "promptTokensDetails":[{"modality":"AUDIO","tokenCount":3}]}}""", """
        {"serverContent":{"interrupted":true}}""", """
        {"serverContent":{"inputTranscription":{"text":"in"},"outputTranscription":{"text":" out","words":[{"word":"out"}]},
         "interimInputTranscription":{"text":"i"},"waitingForInput":true}}""", """
        {"serverContent":{"groundingMetadata":{"webSearchQueries":["q"],"groundingChunks":[{"web":{"uri":"https://a.example"}},
         {"maps":{"uri":"https://b.example"}}],"groundingSupports":[{"segment":{"endIndex":3},"groundingChunkIndices":[0]}]},
         "urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"https://c.example"}]}}}""", """
        {"toolCall":{"functionCalls":[{"id":"1","name":"f","args":{"list":[{"a":1},{"a":2}]}},{"name":"g"}]}}""", """
        {"toolCallCancellation":{"ids":["1","2"]}}""", """
        {"sessionResumptionUpdate":{}}""", """
        {"voiceActivity":{"type":"ACTIVITY_START","audioOffset":"1s"},"serverContent":{}}""", """
        {"usageMetadata":{"responseTokenCount":7,"responseTokensDetails":[{"modality":"TEXT","tokenCount":7}]}}""", """
        {"goAway":{"timeLeft":"50s"}}""",
    };

    @Test
    void arriveWhereTheyStood() {
        Trials.run(3_000, random -> {
            ObjectNode said = (ObjectNode) MAPPER.readTree(Trials.oneOf(random, FRAMES));
            for (int members = random.nextInt(5); members > 0; members--) {
                inject(said, random);
            }

            JsonNode heard = join(relay(said.toString()));

            assertEquals(visible(said), normal(heard));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"plum\",\"thoughtSignature\":\"c2ln\"}",
                "{\"inlineData\":{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"AAAA\"},\"thoughtSignature\":\"c2ln\"}",
                "{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAAA\",\"displayName\":\"n\"},\"partMetadata\":{\"a\":[1]}}",
                "{\"text\":\"a\",\"thought\":true,\"new\":null}",
            })
    void ofAPartStayWithItInOneMessage(String part) throws Exception {
        // When
        List<ObjectNode> heard = relay("{\"serverContent\":{\"modelTurn\":{\"parts\":[" + part + "]}}}");

        // Then
        assertEquals(1, heard.size());
        JsonNode parts = heard.getFirst().at("/serverContent/modelTurn/parts");
        assertTrue(parts.isArray());
        assertEquals(MAPPER.readTree("[" + part + "]"), parts);
    }

    @Test
    void ofWhatIsHiddenFabricateNoMessage() throws Exception {
        assertEquals(List.of(), relay("{\"goAway\":{\"timeLeft\":\"5s\",\"why\":\"x\"}}"));
        assertEquals(
                List.of(MAPPER.readTree("{\"toolCallCancellation\":{\"ids\":[\"1\"],\"why\":\"x\"}}")),
                relay("{\"toolCallCancellation\":{\"ids\":[\"1\"],\"why\":\"x\"}}"));
    }

    @Test
    void tokenCountsComeInTheFrameOfTheirTurn() throws Exception {
        // Given
        String frame = "{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{\"totalTokenCount\":5}}";

        // When
        List<ObjectNode> heard = relay(frame);

        // Then
        assertEquals(List.of(MAPPER.readTree(frame)), heard);
    }

    @Test
    void tokenCountsOfTheirOwnFrameAreToldEachTime() throws Exception {
        // Given
        Dialect.Encoder encoder = dialect().newEncoder(0);
        String counts = "{\"usageMetadata\":{\"totalTokenCount\":5}}";

        // When
        List<ObjectNode> heard = new ArrayList<>(relay(
                encoder, "{\"serverContent\":{\"turnComplete\":true},\"usageMetadata\":{\"totalTokenCount\":5}}"));
        heard.addAll(relay(encoder, counts));

        // Then
        assertEquals(MAPPER.readTree(counts), heard.getLast());
        assertEquals(2, heard.size());
    }

    /** Adds a member to one of the objects in a tree, but not to function arguments: their keys are data. */
    private static void inject(ObjectNode root, RandomGenerator random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(root, objects);
        String name = Trials.oneOf(random, "novel", "thoughtSignature", "partMetadata", "x_y", "list");
        JsonNode value = Trials.oneOf(
                random,
                MAPPER.createObjectNode().put("inside", 1),
                MAPPER.createArrayNode().add(MAPPER.createObjectNode().put("element", true)),
                MAPPER.getNodeFactory().textNode("\"quoted\" \\ \n"),
                MAPPER.getNodeFactory().numberNode(7),
                MAPPER.getNodeFactory().booleanNode(false));
        objects.get(random.nextInt(objects.size())).set(name, value);
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> collect(child, objects));
    }

    private static GeminiDialect dialect() {
        return new GeminiDialect(
                MemberRules.DEFAULTS, new HandleSealer(new ResumptionKeys(List.of(), LaunchMode.TEST)));
    }

    private static List<ObjectNode> relay(String frame) throws Exception {
        return relay(dialect().newEncoder(0), frame);
    }

    private static List<ObjectNode> relay(Dialect.Encoder encoder, String frame) throws Exception {
        List<ObjectNode> heard = new ArrayList<>();
        for (ServerMessage message : new ToolCalls().onServerMessages(new WireDecoder().decode(frame))) {
            byte[] data = Frames.binary(encoder.encode(message, 1));
            if (data != null) {
                heard.add((ObjectNode) MAPPER.readTree(new String(data, StandardCharsets.UTF_8)));
            }
        }
        return heard;
    }

    /** All messages that a client has received, merged: objects by member, parts appended. */
    private static ObjectNode join(List<ObjectNode> messages) {
        ObjectNode joined = MAPPER.createObjectNode();
        messages.forEach(message -> merge(joined, message));
        return joined;
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            JsonNode present = into.get(member.getKey());
            boolean streamed = List.of("serverContent", "modelTurn").contains(member.getKey());
            if (streamed && present instanceof ObjectNode object) {
                merge(object, (ObjectNode) member.getValue());
            } else if (member.getKey().equals("parts") && present instanceof ArrayNode list) {
                list.addAll((ArrayNode) member.getValue());
            } else {
                into.set(member.getKey(), member.getValue());
            }
        }
    }

    private static ObjectNode visible(ObjectNode said) {
        ObjectNode visible = said.deepCopy();
        visible.remove(List.of("setupComplete", "goAway"));
        return normal(visible);
    }

    /** Without redundant members: an empty serverContent, and the constant role of a modelTurn. */
    private static ObjectNode normal(JsonNode tree) {
        ObjectNode normal = tree.deepCopy();
        if (normal.at("/serverContent/modelTurn") instanceof ObjectNode turn
                && turn.path("role").asText().equals("model")) {
            turn.remove("role");
        }
        if (normal.path("serverContent").isEmpty()) {
            normal.remove("serverContent");
        }
        return normal;
    }
}
