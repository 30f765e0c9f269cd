package dev.livebridge.gemini.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't be read ends in a {@link WireException}, soon, and in nothing else. */
class BrokenFramesTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MIB = 1 << 20;

    private final WireDecoder decoder = new WireDecoder();

    @Test
    void aFrameCutAnywhereIsMalformed() {
        List<String> frames = smallSamples();
        frames.add("{\"serverContent\":{\"modelTurn\":{\"role\":\"model\",\"parts\":[{\"inlineData\":"
                + "{\"mimeType\":\"audio/pcm;rate=24000\",\"data\":\"c291bmQ=\"}}]},\"x\":\"\u00fc\ud83d\ude00\"}}");
        for (String frame : frames) {
            byte[] bytes = frame.strip().getBytes(UTF_8);
            for (int length = 0; length < bytes.length; length++) {
                String cut = new String(bytes, 0, length, UTF_8);
                assertThrows(WireException.class, () -> decoder.decode(cut), cut);
            }
        }
    }

    @Test
    void garbageIsMalformed() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String garbage = new String(bytes, random.nextBoolean() ? UTF_8 : ISO_8859_1);
            assertThrows(WireException.class, () -> decoder.decode(garbage), () -> Arrays.toString(bytes));
        }
    }

    /** Any value anywhere replaced by one that does not belong there. */
    @Test
    void aValueOfAnyOtherKindIsReadOrRefused() throws JsonProcessingException {
        Random random = new Random(4);
        String[] unknownValues = {
            "null",
            "true",
            "0",
            "-1",
            "1e999999999",
            "1e-999999999",
            "9".repeat(900),
            "\"\"",
            "\"x\"",
            "\"\ud800\"",
            "[]",
            "[null]",
            "[[]]",
            "{}",
            "{\"\":0}",
            "{\"text\":1.5}"
        };
        int refused = 0;
        List<String> frames = smallSamples();
        for (int i = 0; i < 40_000; i++) {
            String marked = withMarker(MAPPER.readTree(frames.get(random.nextInt(frames.size()))), random);
            String strange = marked.replace("\"@here\"", unknownValues[random.nextInt(unknownValues.length)]);
            try {
                decoder.decode(strange);
            } catch (WireException expected) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("not read and not refused: " + strange, e);
            }
        }
        assertTrue(refused > 1_000, "only " + refused + " frames were refused");
    }

    static Stream<String> attacks() {
        return Stream.of(
                "[".repeat(4 * MIB),
                "{\"a\":".repeat(MIB),
                "{\"serverContent\":{\"modelTurn\":{\"parts\":" + "[".repeat(4 * MIB),
                "\"".repeat(4 * MIB),
                " ".repeat(4 * MIB),
                "{\"usageMetadata\":{\"totalTokenCount\":" + "9".repeat(4 * MIB) + "}}",
                "{\"" + "k".repeat(4 * MIB) + "\":1}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\""
                        + "A".repeat(4 * MIB));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource
    void attacks(String frame) {
        assertTimeout(Duration.ofSeconds(2), () -> assertThrows(WireException.class, () -> decoder.decode(frame)));
    }

    private static List<String> smallSamples() {
        List<String> frames = new ArrayList<>();
        Samples.frames().stream()
                .filter(frame -> frame.fromServer() && frame.text().length() < 1_000)
                .map(Samples.Frame::text)
                .distinct()
                .forEach(frames::add);
        return frames;
    }

    /** Puts a marker in the place of one value below the root, each as likely as the others. */
    private static String withMarker(JsonNode root, Random random) {
        List<Runnable> places = new ArrayList<>();
        collectPlaces(root, places);
        if (!places.isEmpty()) {
            places.get(random.nextInt(places.size())).run();
        }
        return root.toString();
    }

    private static void collectPlaces(JsonNode node, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(member -> {
                places.add(() -> object.put(member.getKey(), "@here"));
                collectPlaces(member.getValue(), places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                places.add(() -> array.set(index, "@here"));
                collectPlaces(array.get(index), places);
            }
        }
    }
}
