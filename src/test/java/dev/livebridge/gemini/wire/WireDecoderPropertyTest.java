package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Samples;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However the service bundles, orders, splits and spells what it says, we hear the same. */
class WireDecoderPropertyTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> FREE_FORM = Set.of("args", "groundingMetadata");

    private static final List<String> CONTENT = List.of(
            "\"interrupted\":true",
            "\"generationComplete\":true",
            "\"turnComplete\":true,\"turnCompleteReason\":\"NEED_MORE_INPUT\"",
            "\"waitingForInput\":true",
            "\"interactionStatus\":\"IDLE\"",
            "\"inputTranscription\":{\"text\":\" a\\\"b\",\"finished\":true,\"languageCode\":\"en\"}",
            "\"interimInputTranscription\":{}",
            "\"outputTranscription\":{\"text\":\"ä\"}",
            "\"groundingMetadata\":{\"webSearchQueries\":[\"q_r\"]}",
            "\"somethingNew\":{\"x\":[1,2.50]}");

    private static final List<String> TOP = List.of(
            "\"setupComplete\":{\"sessionId\":\"s\"}",
            "\"toolCall\":{\"functionCalls\":[{\"id\":\"1\",\"name\":\"f\",\"args\":{\"snake_key\":1}}]}",
            "\"toolCallCancellation\":{\"ids\":[\"1\",\"2\"]}",
            "\"goAway\":{\"timeLeft\":\"50s\"}",
            "\"sessionResumptionUpdate\":{\"newHandle\":\"h\",\"resumable\":true}",
            "\"voiceActivity\":{\"type\":\"ACTIVITY_END\",\"audioOffset\":\"0.200s\"}",
            "\"usageMetadata\":{\"promptTokenCount\":7,\"responseTokenCount\":2,\"totalTokenCount\":9}",
            "\"usageMetadata\":{\"promptTokenCount\":7,\"candidatesTokenCount\":2,\"trafficType\":\"ON_DEMAND\"}",
            "\"anotherNewThing\":null,\"yetAnother\":true");

    /** The kinds of messages in the order in which they must be acted upon. */
    private static final List<Class<? extends ServerMessage>> ORDER = List.of(
            ServerMessage.SetupComplete.class,
            ServerMessage.VoiceActivity.class,
            ServerMessage.Interrupted.class,
            ServerMessage.Audio.class,
            ServerMessage.Transcription.class,
            ServerMessage.Grounding.class,
            ServerMessage.ToolCall.class,
            ServerMessage.ToolCallCancellation.class,
            ServerMessage.GenerationComplete.class,
            ServerMessage.WaitingForInput.class,
            ServerMessage.InteractionStatus.class,
            ServerMessage.TurnComplete.class,
            ServerMessage.Usage.class,
            ServerMessage.ResumptionUpdate.class,
            ServerMessage.GoAway.class);

    @Provide
    Arbitrary<ServerMessage> parts() {
        return Arbitraries.oneOf(
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMinSize(1)
                        .ofMaxSize(50)
                        .map(data -> new ServerMessage.Audio(Base64Text.encode(data), "audio/pcm;rate=24000")),
                Arbitraries.strings()
                        .excludeChars('\uD800')
                        .ofMaxLength(20)
                        .filter(WireDecoderPropertyTest::hasNoLoneSurrogate)
                        .map(text -> new ServerMessage.Text(text, false)),
                Arbitraries.of(
                        new ServerMessage.Text("a thought", true),
                        new ServerMessage.OtherPart("{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"x\"}}"),
                        new ServerMessage.OtherPart(
                                "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAA=\"}}")));
    }

    @Property
    void aTurnSplitAnywhereSoundsTheSame(
            @ForAll List<@From("parts") ServerMessage> turn,
            @ForAll @IntRange(min = 1, max = 4) int atOnce,
            @ForAll boolean pretty,
            @ForAll boolean withRole)
            throws WireException {
        List<ServerMessage> heard = new ArrayList<>();

        for (int from = 0; from < turn.size(); from += atOnce) {
            ObjectNode frame = (ObjectNode) Reassembly.of(turn.subList(from, Math.min(turn.size(), from + atOnce)));
            if (withRole) {
                ((ObjectNode) frame.at("/serverContent/modelTurn")).put("role", "model");
            }
            heard.addAll(new WireDecoder().decode(pretty ? frame.toPrettyString() + "\n" : frame.toString()));
        }

        assertEquals(turn, heard);
    }

    @Property
    void aBundleInAnyOrderAndSpellingIsTakenApartInTheRightOrder(
            @ForAll Random random, @ForAll boolean snakeCase, @ForAll boolean pretty)
            throws WireException, IOException {
        JsonNode bundle = bundle(random);
        JsonNode given = snakeCase ? snakeCase(bundle) : bundle;

        List<ServerMessage> messages = new WireDecoder().decode(pretty ? given.toPrettyString() : given.toString());

        if (!snakeCase) {
            assertEquals(bundle, Reassembly.of(messages));
        }
        List<Integer> ranks = messages.stream()
                .map(message -> ORDER.indexOf(message.getClass()))
                .filter(rank -> rank >= 0)
                .toList();
        List<Integer> sorted = new ArrayList<>(ranks);
        Collections.sort(sorted);
        assertEquals(sorted, ranks);
        assertEquals(kinds(new WireDecoder().decode(bundle.toString())), kinds(messages));
    }

    @Property
    void theShortWayHearsWhatTheLongWayHears(
            @ForAll byte[] data, @ForAll boolean pretty, @ForAll boolean roleFirst, @ForAll boolean rate)
            throws WireException {
        String part = "{\"inlineData\":{\"mimeType\":\"audio/pcm" + (rate ? ";rate=24000" : "") + "\",\"data\":\""
                + Base64Text.encode(data).text() + "\"}}";
        String turn = roleFirst ? "{\"role\":\"model\",\"parts\":[" + part + "]}" : "{\"parts\":[" + part + "]}";
        String compact = "{\"serverContent\":{\"modelTurn\":" + turn + "}}";
        String text = pretty ? compact.replaceAll("([{\\[,:])", "$1\n  ") + "\n" : compact;

        ServerMessage quick = AudioFrame.read(text);

        List<ServerMessage> slow = new WireDecoder().decode(text.substring(0, text.lastIndexOf('}')) + ",\"x\":1}");
        assertEquals(new ServerMessage.Unknown("", "x", "1"), slow.getLast());
        // Without data it's no plain audio frame.
        assertEquals(data.length == 0 ? null : slow.getFirst(), quick);
    }

    @Provide
    Arbitrary<String> damagedFrames() {
        List<String> whole = Samples.frames().stream()
                .filter(Samples.Frame::fromServer)
                .map(Samples.Frame::text)
                .filter(text -> text.length() < 14_000)
                .toList();
        return Arbitraries.randoms().map(random -> {
            String text = whole.get(random.nextInt(whole.size()));
            List<String> splinters =
                    List.of("", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "7", "\u0000", "é", "=", "-");
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(9));
            return text.substring(0, from) + splinters.get(random.nextInt(splinters.size())) + text.substring(to);
        });
    }

    @Property(tries = 3_000)
    void damagedFramesAreUnderstoodOrRefused(@ForAll("damagedFrames") String text) {
        ServerMessage quick = AudioFrame.read(text);
        List<ServerMessage> messages;
        try {
            messages = new WireDecoder().decode(text);
        } catch (WireException e) {
            assertNotNull(e.getMessage());
            assertNull(quick);
            return;
        }
        if (quick != null) {
            assertEquals(List.of(quick), messages);
        }
    }

    /** Any choice of members, each at most once, shuffled at both levels. */
    private static JsonNode bundle(Random random) throws IOException {
        List<String> content = choose(CONTENT, random);
        List<String> top = choose(TOP, random);
        if (random.nextBoolean()) {
            content.add("\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}]}");
            Collections.shuffle(content, random);
        }
        if (!content.isEmpty()) {
            top.add("\"serverContent\":{" + String.join(",", content) + "}");
            Collections.shuffle(top, random);
        }
        return MAPPER.readTree("{" + String.join(",", top) + "}");
    }

    private static List<String> choose(List<String> from, Random random) {
        List<String> chosen = new ArrayList<>(from);
        chosen.removeIf(_ -> random.nextBoolean());
        if (chosen.stream()
                        .filter(member -> member.startsWith("\"usageMetadata\""))
                        .count()
                == 2) {
            chosen.removeIf(member -> member.contains("trafficType"));
        }
        Collections.shuffle(chosen, random);
        return chosen;
    }

    private static List<Class<?>> kinds(List<ServerMessage> messages) {
        List<Class<?>> kinds = new ArrayList<>();
        messages.forEach(message -> kinds.add(message.getClass()));
        return kinds;
    }

    private static JsonNode snakeCase(JsonNode node) {
        if (node.isArray()) {
            ArrayNode list = MAPPER.createArrayNode();
            node.forEach(item -> list.add(snakeCase(item)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = member.getKey().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            object.set(key, FREE_FORM.contains(member.getKey()) ? member.getValue() : snakeCase(member.getValue()));
        }
        return object;
    }

    private static boolean hasNoLoneSurrogate(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
