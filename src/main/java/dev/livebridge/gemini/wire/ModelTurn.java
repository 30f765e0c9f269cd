package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.Base64Form;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.Base64Text;
import dev.livebridge.message.ServerMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code serverContent.modelTurn}: sound, text and other parts in the order in which the model said them. */
final class ModelTurn {

    private static final String PART = "serverContent.modelTurn.parts";

    private ModelTurn() {}

    static void read(Members modelTurn, List<ServerMessage> messages) throws WireException {
        for (JsonNode part : modelTurn.takeList("parts")) {
            if (!(part instanceof ObjectNode object)) {
                throw new WireException("a part of serverContent.modelTurn must be an object");
            }
            readPart(object, messages);
        }
        // The only role that can speak here; Vertex and 3.8 models write it, others don't.
        modelTurn.takeIfText("role", "model");
        modelTurn.addRest(messages);
    }

    private static void readPart(ObjectNode part, List<ServerMessage> messages) throws WireException {
        Members members = new Members(PART, part);
        String text = members.takeText("text");
        if (text != null) {
            messages.add(new ServerMessage.Text(text, members.takeFlag("thought")));
            members.addRest(messages);
            return;
        }
        Members blob = members.takeMembers("inlineData");
        ServerMessage.Audio audio = blob == null ? null : audio(blob);
        if (blob == null || audio == null) {
            messages.add(new ServerMessage.OtherPart(StrictJson.write(part)));
            return;
        }
        messages.add(audio);
        blob.addRest(messages);
        members.addRest(messages);
    }

    private static ServerMessage.@Nullable Audio audio(Members blob) throws WireException {
        String mimeType = blob.takeText("mimeType");
        String data = blob.takeText("data");
        if (mimeType == null || data == null || !isPcm(mimeType)) {
            return null;
        }
        String standard = Base64Form.standard(data);
        if (standard == null) {
            throw new WireException(PART + ".inlineData.data is not base64");
        }
        return new ServerMessage.Audio(new Base64Text(standard), mimeType);
    }

    private static boolean isPcm(String mimeType) {
        return mimeType.equals("audio/pcm") || mimeType.startsWith("audio/pcm;");
    }
}
