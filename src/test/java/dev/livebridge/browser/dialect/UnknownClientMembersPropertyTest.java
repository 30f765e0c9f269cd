package dev.livebridge.browser.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Trials;
import dev.livebridge.gemini.wire.TextRoute;
import dev.livebridge.gemini.wire.WireEncoder;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.resumption.HandleSealer;
import dev.livebridge.resumption.ResumptionKeys;
import io.quarkus.runtime.LaunchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Members and messages of a client that this version does not know, at any depth but inside a chunk of media: with
 * {@code livebridge.policy.unknown-members} Gemini gets each where it stood, without it none of them.
 */
class UnknownClientMembersPropertyTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final MemberRules ALLOWED = new MemberRules(false, true, true);

    private static final String[] FRAMES = {
        """
        {"clientContent":{"turns":[{"role":"user","parts":[{"text":"plum"},{"text":"pear"}]}],"turnComplete":true}}""", """
        {"toolResponse":{"functionResponses":[{"id":"1","name":"f","response":{"output":"x"}},{"id":"2","name":"g",
         "response":{}}]}}""", """
        {"realtimeInput":{"text":"plum"}}""", """
        {"realtimeInput":{"activityStart":{}}}""", """
        {"realtimeInput":{"audioStreamEnd":true}}""", """
        {"realtimeInput":{"video":{"mimeType":"image/png","data":"AAAA"}}}""", """
        {"contextUpdate":{"systemInstruction":{"parts":[{"text":"plum"}]}}}""", """
        {}""",
    };

    @Test
    void arriveWhereTheyStood() {
        Trials.run(3_000, random -> {
            ObjectNode sent = (ObjectNode) MAPPER.readTree(Trials.oneOf(random, FRAMES));
            for (int members = random.nextInt(5); members > 0; members--) {
                inject(sent, random);
            }

            assertEquals(sent, join(relay(sent.toString(), ALLOWED)));
        });
    }

    /** Without {@code contextUpdate}: the policy of setups removes its members when it is fitted to the model. */
    @Test
    void areRemovedWhereTheOperatorDoesNotAllowThem() {
        Trials.run(1_000, random -> {
            JsonNode known = MAPPER.readTree(FRAMES[random.nextInt(FRAMES.length - 2)]);
            ObjectNode sent = known.deepCopy();
            for (int members = random.nextInt(1, 5); members > 0; members--) {
                inject(sent, random);
            }

            assertEquals(known, join(relay(sent.toString(), MemberRules.DEFAULTS)));
        });
    }

    @Test
    void aMessageWithoutAKnownMemberIsRefusedWhereTheOperatorDoesNotAllowIt() {
        BadInputException refused = assertThrows(
                BadInputException.class, () -> relay("{\"novelMessage\":{\"a\":1}}", MemberRules.DEFAULTS));

        assertEquals("the message holds no known member", refused.getMessage());
    }

    /** Adds a member to one of the objects in a tree, but not to media and function results: their keys are data. */
    private static void inject(ObjectNode root, RandomGenerator random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(root, objects);
        String name = Trials.oneOf(random, "novel", "futureMember", "x_y", "list", "novelMessage");
        JsonNode value = Trials.oneOf(
                random,
                MAPPER.createObjectNode().put("inside", 1).putNull("nothing"),
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
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!List.of("video", "response", "activityStart", "novel", "novelMessage", "list", "x_y", "futureMember")
                    .contains(member.getKey())) {
                collect(member.getValue(), objects);
            }
        }
        if (node.isArray()) {
            node.forEach(element -> collect(element, objects));
        }
    }

    private static List<ObjectNode> relay(String frame, MemberRules rules) throws Exception {
        GeminiDialect dialect =
                new GeminiDialect(rules, new HandleSealer(new ResumptionKeys(List.of(), LaunchMode.TEST)));
        WireEncoder encoder = new WireEncoder(TextRoute.CLIENT_CONTENT, false);
        List<ObjectNode> arrived = new ArrayList<>();
        for (ClientMessage message : dialect.decode(frame)) {
            String encoded = encoder.encode(message);
            if (encoded != null) {
                arrived.add((ObjectNode) MAPPER.readTree(encoded));
            }
        }
        return arrived;
    }

    /** The messages that Gemini has received, merged by member. */
    private static ObjectNode join(List<ObjectNode> messages) {
        ObjectNode joined = MAPPER.createObjectNode();
        for (ObjectNode message : messages) {
            for (Map.Entry<String, JsonNode> member : message.properties()) {
                if (joined.get(member.getKey()) instanceof ObjectNode present) {
                    present.setAll((ObjectNode) member.getValue());
                } else {
                    joined.set(member.getKey(), member.getValue());
                }
            }
        }
        return joined;
    }
}
