package dev.livebridge.gemini.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However the service cuts a turn into frames, the model has said the same. */
class SplitTurnsPropertyTest {

    @Provide
    Arbitrary<ServerMessage> parts() {
        return Arbitraries.oneOf(
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMinSize(1)
                        .ofMaxSize(50)
                        .map(data -> new ServerMessage.Audio(Base64Text.encode(data), "audio/pcm;rate=24000")),
                Arbitraries.strings().ofMaxLength(20).map(text -> new ServerMessage.Text(text, false)),
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
}
