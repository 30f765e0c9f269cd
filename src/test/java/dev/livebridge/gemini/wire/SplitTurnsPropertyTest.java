package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.Trials;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** However the service cuts a turn into frames, the model has said the same. */
class SplitTurnsPropertyTest {

    @Test
    void aTurnSplitAnywhereSoundsTheSame() {
        Trials.run(1_000, random -> {
            List<ServerMessage> turn = Stream.generate(() -> part(random))
                    .limit(random.nextInt(12))
                    .toList();
            int atOnce = random.nextInt(1, 5);
            boolean pretty = random.nextBoolean();
            boolean withRole = random.nextBoolean();
            List<ServerMessage> heard = new ArrayList<>();

            for (int from = 0; from < turn.size(); from += atOnce) {
                ObjectNode frame = (ObjectNode) Reassembly.of(turn.subList(from, Math.min(turn.size(), from + atOnce)));
                if (withRole) {
                    ((ObjectNode) frame.at("/serverContent/modelTurn")).put("role", "model");
                }
                heard.addAll(new WireDecoder().decode(pretty ? frame.toPrettyString() + "\n" : frame.toString()));
            }

            assertEquals(turn, heard);
        });
    }

    private static ServerMessage part(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> new ServerMessage.Audio(Base64Text.encode(Trials.bytes(random, 1, 50)), "audio/pcm;rate=24000");
            case 1 -> new ServerMessage.Text(words(random), false);
            case 2 -> new ServerMessage.Text("a thought", true);
            case 3 -> new ServerMessage.OtherPart("{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"x\"}}");
            default -> new ServerMessage.OtherPart("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAA=\"}}");
        };
    }

    /** Any characters, also those that JSON must escape. */
    private static String words(RandomGenerator random) {
        return random.ints(random.nextInt(21), 0, Character.MIN_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
