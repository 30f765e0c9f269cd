package dev.livebridge.gemini.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.livebridge.json.MalformedJsonException;
import dev.livebridge.json.StrictJson;
import dev.livebridge.message.ClientMessage;
import dev.livebridge.message.ClientMessage.FunctionResult;
import dev.livebridge.message.WithoutPictures;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pictures and videos in a client's messages: realtime input, and the parts of turns and of function results. A part
 * without a MIME type counts as a picture.
 */
public final class PictureParts {

    private static final String PARTS = "parts";

    private PictureParts() {}

    /**
     * Removes the pictures of a message.
     *
     * @param message with JSON in canonical spelling
     */
    public static WithoutPictures removeFrom(ClientMessage message) {
        return switch (message) {
            case ClientMessage.Video _ -> new WithoutPictures(null, 1);
            case ClientMessage.ClientContent content -> removeFrom(content);
            case ClientMessage.ToolResponse response -> removeFrom(response);
            case ClientMessage.Setup _,
                    ClientMessage.Resume _,
                    ClientMessage.Auth _,
                    ClientMessage.Audio _,
                    ClientMessage.RealtimeText _,
                    ClientMessage.UserTurn _,
                    ClientMessage.GreetingPrompt _,
                    ClientMessage.LateResult _,
                    ClientMessage.Signal _,
                    ClientMessage.ContextUpdate _,
                    ClientMessage.LeftOut _,
                    ClientMessage.Unknown _,
                    ClientMessage.Ping _,
                    ClientMessage.Beacon _ -> new WithoutPictures(message, 0);
        };
    }

    private static WithoutPictures removeFrom(ClientMessage.ClientContent content) {
        JsonNode json = read(content.json());
        int pictures = 0;
        Iterator<JsonNode> turns = json.path("turns").iterator();
        while (turns.hasNext()) {
            JsonNode turn = turns.next();
            int removed = removePictures(turn);
            pictures += removed;
            if (removed > 0 && !turn.has(PARTS)) {
                turns.remove();
            }
        }
        if (pictures == 0) {
            return new WithoutPictures(content, 0);
        }
        return json.path("turns").isEmpty()
                ? new WithoutPictures(null, pictures)
                : new WithoutPictures(
                        new ClientMessage.ClientContent(StrictJson.write(json), content.said(), content.instructs()),
                        pictures);
    }

    private static WithoutPictures removeFrom(ClientMessage.ToolResponse response) {
        List<FunctionResult> results = new ArrayList<>();
        int pictures = 0;
        for (FunctionResult result : response.results()) {
            JsonNode json = read(result.json());
            int removed = removePictures(json);
            pictures += removed;
            results.add(removed == 0 ? result : new FunctionResult(result.id(), StrictJson.write(json)));
        }
        return new WithoutPictures(pictures == 0 ? response : new ClientMessage.ToolResponse(results), pictures);
    }

    /** Removes the pictures from the parts of a turn or of a function result, and the list itself if it gets empty. */
    private static int removePictures(JsonNode holder) {
        int removed = 0;
        Iterator<JsonNode> parts = holder.path(PARTS).iterator();
        while (parts.hasNext()) {
            JsonNode part = parts.next();
            if (isPicture(part.get("inlineData")) || isPicture(part.get("fileData"))) {
                parts.remove();
                removed++;
            } else {
                removed += removePictures(part.path("functionResponse"));
            }
        }
        if (removed > 0 && holder.path(PARTS).isEmpty() && holder instanceof ObjectNode object) {
            object.remove(PARTS);
        }
        return removed;
    }

    private static boolean isPicture(@Nullable JsonNode media) {
        if (media == null) {
            return false;
        }
        String type = media.path("mimeType").asText().strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() || type.startsWith("image/") || type.startsWith("video/");
    }

    private static JsonNode read(String json) {
        try {
            return StrictJson.read(json);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("the dialect wrote this JSON", e);
        }
    }
}
