package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.Base64Form;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code serverContent.modelTurn}: sound, text and other parts in the order of the wire. A member that this
 * version does not know stays with its part.
 */
final class ModelTurn {

    private static final String PART = "serverContent.modelTurn.parts";

    private ModelTurn() {}

    /**
     * Reads a turn.
     *
     * @return the function calls among its parts, in order
     */
    static List<ObjectNode> read(ObjectReader modelTurn, List<ServerMessage> messages) throws WireException {
        List<ObjectNode> calls = new ArrayList<>();
        for (JsonNode part : modelTurn.takeList("parts")) {
            if (!(part instanceof ObjectNode object)) {
                throw new WireException("a part of serverContent.modelTurn must be an object");
            }
            messages.add(readPart(object));
            JsonNode call = object.has("functionCall") ? object.get("functionCall") : object.get("function_call");
            if (call instanceof ObjectNode function) {
                calls.add(function);
            }
        }
        // The only possible role here; 3.8 models send it, others do not.
        modelTurn.takeIfText("role", "model");
        modelTurn.addRest(messages);
        return calls;
    }

    private static ServerMessage readPart(ObjectNode part) throws WireException {
        ObjectReader members = new ObjectReader(PART, part);
        String text = members.takeText("text");
        if (text != null) {
            boolean thought = members.takeFlag("thought");
            return new ServerMessage.Text(text, thought, written(members.rest()));
        }
        ObjectReader blob = members.takeMembers("inlineData");
        ServerMessage audio = blob == null ? null : audio(blob, members.rest());
        return audio == null ? new ServerMessage.OtherPart(StrictJson.write(part)) : audio;
    }

    private static ServerMessage.@Nullable Audio audio(ObjectReader blob, @Nullable ObjectNode partRest)
            throws WireException {
        String mimeType = blob.takeText("mimeType");
        String data = blob.takeText("data");
        if (mimeType == null || data == null || !isPcm(mimeType)) {
            return null;
        }
        String standard = Base64Form.standard(data);
        if (standard == null) {
            throw new WireException(PART + ".inlineData.data is not base64");
        }
        ObjectNode rest = partRest;
        ObjectNode blobRest = blob.rest();
        if (blobRest != null) {
            rest = rest == null ? blobRest.objectNode() : rest;
            rest.set("inlineData", blobRest);
        }
        return new ServerMessage.Audio(new Base64Text(standard), mimeType, written(rest));
    }

    private static @Nullable String written(@Nullable ObjectNode rest) {
        return rest == null ? null : StrictJson.write(rest);
    }

    private static boolean isPcm(String mimeType) {
        return mimeType.equals("audio/pcm") || mimeType.startsWith("audio/pcm;");
    }
}
