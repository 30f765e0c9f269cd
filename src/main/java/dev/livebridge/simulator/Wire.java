package dev.livebridge.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;

/** Server messages as they look on the wire: two-space indent, a newline at the end, UTF-8. */
final class Wire {

    private static final ObjectWriter WRITER = new ObjectMapper().writer(printer());

    private static final String AUDIO_HEAD = """
            {
              "serverContent": {
                "modelTurn": {
                  "parts": [
                    {
                      "inlineData": {
                        "mimeType": "audio/pcm;rate=24000",
                        "data": \"""";

    private static final String AUDIO_TAIL = """
            "
                      }
                    }
                  ]
                }
              }
            }
            """;

    private Wire() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Buffer frame(ObjectNode message) {
        try {
            return Buffer.buffer(WRITER.writeValueAsString(message)).appendByte((byte) '\n');
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A spoken chunk whose base64 is already at hand; no tree is built. */
    static Buffer audioFrame(String base64) {
        return Buffer.buffer(AUDIO_HEAD + base64 + AUDIO_TAIL);
    }

    private static DefaultPrettyPrinter printer() {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
    }
}
