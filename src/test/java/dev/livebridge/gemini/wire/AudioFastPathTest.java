package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.livebridge.json.Utf8Slice;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way reads audio frames to what the long way reads them to, and takes nothing else for one. */
class AudioFastPathTest {

    private final WireDecoder decoder = new WireDecoder();

    @Test
    void bothWaysReadTheSame() throws WireException {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] data = new byte[1 + random.nextInt(i % 100 == 0 ? 40_000 : 300)];
            random.nextBytes(data);
            String frame = layOut(Base64Text.encode(data).text(), random);

            ServerMessage.Audio audio = AudioFastPath.read(Utf8Slice.of(frame));

            assertNotNull(audio, frame);
            assertEquals(List.of(audio), decoder.decode(theLongWay(frame)), frame);
            assertEquals(List.of(audio), decoder.decode(frame), frame);
        }
    }

    /** One character deleted, inserted or replaced: the short way may decline, but never read something else. */
    @Test
    void aDamagedFrameIsNeverReadDifferently() throws WireException {
        Random random = new Random(2);
        int readable = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder damaged = new StringBuilder(layOut("c291bmQgYXMgdGV4dA==", random));
            int at = random.nextInt(damaged.length());
            String junk = String.valueOf("\"{}[]:,\\ \n=-_+/A0\u0000\u00e9\u2028".charAt(random.nextInt(20)));
            damaged.replace(at, at + random.nextInt(2), random.nextInt(3) == 0 ? "" : junk);

            ServerMessage.Audio audio = AudioFastPath.read(Utf8Slice.of(damaged.toString()));

            if (audio != null) {
                readable++;
                assertEquals(List.of(audio), decoder.decode(theLongWay(damaged.toString())), damaged.toString());
            }
        }
        assertTrue(readable > 1_000, "only " + readable + " frames compared");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[]}}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"text\":\"AAA=\"}]}}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAA=\"}}]}}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}]},"
                        + "\"turnComplete\":true}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}},"
                        + "{\"text\":\"b\"}]}}}",
                "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"mimeType\":\"audio/pcm\",\"data\":\"AAA\\u003d\"}}]}}}",
                "{\"serverContent\":{\"modelTurn\":{\"role\":\"user\",\"parts\":[{\"inlineData\":"
                        + "{\"mimeType\":\"audio/pcm\",\"data\":\"AAA=\"}}]}}}",
            })
    void whateverElseIsLeftToTheLongWay(String frame) {
        assertNull(AudioFastPath.read(Utf8Slice.of(frame)));
    }

    /** The same JSON with an escape in a key, which the short way does not look for. */
    private static String theLongWay(String frame) {
        String escaped = frame.replaceFirst("serverContent", "server\\\\u0043ontent");
        assertNull(AudioFastPath.read(Utf8Slice.of(escaped)));
        return escaped;
    }

    private static String layOut(String data, Random random) {
        String mimeType = "\"mimeType\": \"" + (random.nextBoolean() ? "audio/pcm;rate=24000" : "audio/pcm") + "\"";
        String sound = "\"data\": \"" + data + "\"";
        String blob = random.nextBoolean() ? mimeType + ",\n" + sound : sound + ",\n" + mimeType;
        String parts = "\"parts\": [\n{\n\"inlineData\": {\n" + blob + "\n}\n}\n]";
        String turn = switch (random.nextInt(3)) {
            case 0 -> parts;
            case 1 -> "\"role\": \"model\",\n" + parts;
            default -> parts + ",\n\"role\": \"model\"";
        };
        String frame = "{\n\"serverContent\": {\n\"modelTurn\": {\n" + turn + "\n}\n}\n}\n";
        return switch (random.nextInt(3)) {
            case 0 -> frame;
            case 1 -> frame.replace("\n", "\r\n\t ");
            default -> frame.replace("\n", "").replace("\": ", "\":");
        };
    }
}
